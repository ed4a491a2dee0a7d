!> Value and derivatives of a bicubic spline surface at a point (bisp).
!!
!! Points outside the domain are moved as the original moves them, wrong side included, and the caller's
!! coordinates change with them. Source: specification 03, section 4. Parity: bitwise.
module surface_value
  use kinds, only: wp
  use constants, only: end_tolerance
  implicit none
  private
  public :: evaluate, move_inside, interval, is_ascending

contains

  !> Value of the surface and, on demand, s_x, s_y (derivatives = 1) and s_xx, s_yy (derivatives = 2).
  pure subroutine evaluate(tx, nx, ty, ny, are_sorted, c, x, y, derivatives, s, d)
    integer, intent(in) :: nx, ny        !< knots in use
    real(wp), intent(in) :: tx(*)        !< knots; may be read up to tx(ny-3), see move_inside
    real(wp), intent(in) :: ty(*)
    logical, intent(in) :: are_sorted    !< both sets of knots ascend; see is_ascending
    real(wp), intent(in) :: c(ny - 4, *) !< coefficients, y fastest
    real(wp), intent(inout) :: x, y      !< moved into the domain when outside
    integer, intent(in) :: derivatives   !< 0, 1 or 2
    real(wp), intent(out) :: s
    real(wp), intent(inout) :: d(4)      !< s_x, s_y, s_xx, s_yy; those not asked for are left alone
    real(wp) :: hx(4, 4), hy(4, 4), across(4, 4), block(4, 4)
    logical :: is_inside
    integer :: i, j, lx, ly

    s = 0
    call move_inside(tx, nx, ty, ny, x, y, is_inside)
    if (.not. is_inside) return
    lx = interval(tx, nx, x, are_sorted)
    ly = interval(ty, ny, y, are_sorted)
    call cubic_basis(tx, x, lx, hx)
    call cubic_basis(ty, y, ly, hy)
    do i = 1, 4
      do j = 1, 4
        block(j, i) = c(ly - 4 + j, lx - 4 + i)
        across(i, j) = block(j, i)       ! passing transpose(block) would allocate
        s = s + (hx(i, 4)*hy(j, 4))*block(j, i)
      end do
    end do
    if (derivatives < 1) return
    call differentiate(tx, lx, hx, hy, block, derivatives, d(1), d(3))
    call differentiate(ty, ly, hy, hx, across, derivatives, d(2), d(4))
  end subroutine evaluate

  !> As basis_all_degrees for degree 3, a constant that the compiler can unroll.
  pure subroutine cubic_basis(t, x, l, h)
    real(wp), intent(in) :: t(*), x
    integer, intent(in) :: l
    real(wp), intent(inout) :: h(4, 4)
    real(wp) :: f
    integer :: i, j

    h(1, 1) = 1
    do j = 1, 3
      h(1, j + 1) = 0
      do i = 1, j
        f = h(i, j)/(t(l + i) - t(l + i - j))
        h(i, j + 1) = h(i, j + 1) + f*(t(l + i) - x)
        h(i + 1, j + 1) = f*(x - t(l + i - j))
      end do
    end do
  end subroutine cubic_basis

  !> First and second derivative along the second dimension of a block of coefficients.
  pure subroutine differentiate(t, l, along, across, block, derivatives, first, second)
    real(wp), intent(in) :: t(*)
    integer, intent(in) :: l                            !< interval of the point in t
    real(wp), intent(in) :: along(4, 4), across(4, 4)   !< basis values of all degrees
    real(wp), intent(in) :: block(4, 4)
    integer, intent(in) :: derivatives
    real(wp), intent(inout) :: first, second
    real(wp) :: once(4, 3), twice(4, 2)
    integer :: i, j

    do i = 1, 3
      call difference(block(:, i), block(:, i + 1), 3, t(l + i) - t(l + i - 3), once(:, i))
    end do
    first = 0
    do i = 1, 3
      do j = 1, 4
        first = first + (along(i, 3)*across(j, 4))*once(j, i)
      end do
    end do
    if (derivatives < 2) return
    do i = 1, 2
      call difference(once(:, i), once(:, i + 1), 2, t(l + i) - t(l + i - 2), twice(:, i))
    end do
    second = 0
    do i = 1, 2
      do j = 1, 4
        second = second + (along(i, 2)*across(j, 4))*twice(j, i)
      end do
    end do
  end subroutine differentiate

  !> Coefficients of the derivative of a spline of degree k; on an empty interval the right-hand ones stay.
  pure subroutine difference(left, right, k, distance, slope)
    real(wp), intent(in) :: left(4), right(4), distance
    integer, intent(in) :: k
    real(wp), intent(out) :: slope(4)

    if (distance > 0) then
      slope = ((right - left)*k)/distance
    else
      slope = right
    end if
  end subroutine difference

  !> Move a point outside the domain as the original does.
  !!
  !! Beyond the upper x limit it goes to the LOWER one (and the other way round), and the limits that y is
  !! moved to are taken from the x knots: observed behaviour.
  pure subroutine move_inside(tx, nx, ty, ny, x, y, is_inside)
    real(wp), intent(in) :: tx(*), ty(*)
    integer, intent(in) :: nx, ny
    real(wp), intent(inout) :: x, y
    logical, intent(out) :: is_inside

    is_inside = .false.
    if (x < tx(4) .or. x > tx(nx - 3)) then
      if (tx(4) - x <= end_tolerance) then
        x = tx(4)
      else if (x - tx(nx - 3) <= end_tolerance) then
        x = tx(nx - 3)
      else
        return
      end if
    end if
    if (y < ty(4) .or. y > ty(ny - 3)) then
      if (ty(4) - y <= end_tolerance) then
        y = tx(4)                        ! sic
      else if (y - tx(ny - 3) <= end_tolerance) then
        y = tx(ny - 3)                   ! sic: the tail of tx when ny > nx
      else
        return
      end if
    end if
    is_inside = .true.
  end subroutine move_inside

  !> Knot interval: the first l in 4..n-4 with x < t(l+1); a NaN lies in the last one.
  pure integer function interval(t, n, x, is_sorted) result(l)
    real(wp), intent(in) :: t(*), x
    integer, intent(in) :: n
    logical, intent(in) :: is_sorted     !< knots ascend: the search may start from a guess

    l = 4
    if (is_sorted .and. x > t(4) .and. x < t(n - 3)) then
      l = 4 + int((n - 8)*((x - t(4))/(t(n - 3) - t(4))))
      do while (l > 4)
        if (x >= t(l)) exit
        l = l - 1
      end do
    end if
    do while (.not. (x < t(l + 1) .or. l == n - 4))
      l = l + 1
    end do
  end function interval

  !> Whether the knots 4..n-3 ascend; smoothing on the sphere can leave some that do not.
  pure logical function is_ascending(t, n)
    real(wp), intent(in) :: t(*)
    integer, intent(in) :: n
    integer :: i

    is_ascending = .true.
    do i = 4, n - 4
      is_ascending = is_ascending .and. t(i) <= t(i + 1)
    end do
  end function is_ascending

end module surface_value
