!> Value and derivatives of a bicubic spline surface at a point (bisp).
!!
!! Points outside the domain are moved as the original moves them, wrong side included, and the caller's
!! coordinates change with them. Source: specification 03, section 4. Parity: bitwise.
module surface_value
  use kinds, only: wp
  use constants, only: end_tolerance
  use b_splines, only: basis_all_degrees
  implicit none
  private
  public :: evaluate, move_inside, interval

contains

  !> Value of the surface and, on demand, s_x, s_y (derivatives = 1) and s_xx, s_yy (derivatives = 2).
  pure subroutine evaluate(tx, nx, ty, ny, c, x, y, derivatives, s, d)
    integer, intent(in) :: nx, ny        !< knots in use
    real(wp), intent(in) :: tx(*)        !< knots; may be read up to tx(ny-3), see move_inside
    real(wp), intent(in) :: ty(*)
    real(wp), intent(in) :: c(ny - 4, *) !< coefficients, y fastest
    real(wp), intent(inout) :: x, y      !< moved into the domain when outside
    integer, intent(in) :: derivatives   !< 0, 1 or 2
    real(wp), intent(out) :: s
    real(wp), intent(inout) :: d(4)      !< s_x, s_y, s_xx, s_yy; those not asked for are left alone
    real(wp) :: hx(4, 4), hy(4, 4), block(4, 4)
    logical :: is_inside
    integer :: i, j, lx, ly

    s = 0
    call move_inside(tx, nx, ty, ny, x, y, is_inside)
    if (.not. is_inside) return
    lx = interval(tx, nx, x)
    ly = interval(ty, ny, y)
    call basis_all_degrees(tx, 3, x, lx, hx)
    call basis_all_degrees(ty, 3, y, ly, hy)
    do i = 1, 4
      do j = 1, 4
        block(j, i) = c(ly - 4 + j, lx - 4 + i)
        s = s + (hx(i, 4)*hy(j, 4))*block(j, i)
      end do
    end do
    if (derivatives < 1) return
    call differentiate(tx, lx, hx, hy, transpose(block), derivatives, d(1), d(3))
    call differentiate(ty, ly, hy, hx, block, derivatives, d(2), d(4))
  end subroutine evaluate

  !> First and second derivative along the first dimension of a block of coefficients.
  pure subroutine differentiate(t, l, along, across, block, derivatives, first, second)
    real(wp), intent(in) :: t(*)
    integer, intent(in) :: l                            !< interval of the point in t
    real(wp), intent(in) :: along(4, 4), across(4, 4)   !< basis values of all degrees
    real(wp), intent(in) :: block(4, 4)
    integer, intent(in) :: derivatives
    real(wp), intent(inout) :: first, second
    real(wp) :: a(4, 4)
    integer :: i, j

    a = block
    call difference(t, l, 3, a)
    first = 0
    do i = 1, 3
      do j = 1, 4
        first = first + (along(i, 3)*across(j, 4))*a(i + 1, j)
      end do
    end do
    if (derivatives < 2) return
    call difference(t, l, 2, a)
    second = 0
    do i = 1, 2
      do j = 1, 4
        second = second + (along(i, 2)*across(j, 4))*a(i + 2, j)
      end do
    end do
  end subroutine differentiate

  !> Coefficients of the derivative of a spline of degree k, in place.
  pure subroutine difference(t, l, k, a)
    real(wp), intent(in) :: t(*)
    integer, intent(in) :: l, k
    real(wp), intent(inout) :: a(4, 4)
    real(wp) :: distance
    integer :: i, j, m

    do j = 1, 4
      do i = 4, 2, -1                    ! downwards: the left neighbour is still the old one
        m = l - 3 + i - 1
        distance = t(m + k) - t(m)
        if (distance > 0) a(i, j) = ((a(i, j) - a(i - 1, j))*k)/distance
      end do
    end do
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

  !> Knot interval t(l) <= x < t(l+1), 4 <= l <= n-4; a NaN lies in the last one.
  pure integer function interval(t, n, x) result(l)
    real(wp), intent(in) :: t(*), x
    integer, intent(in) :: n

    l = 4
    do while (.not. (x < t(l + 1) .or. l == n - 4))
      l = l + 1
    end do
  end function interval

end module surface_value
