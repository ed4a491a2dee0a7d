!> Value and gradient of a bicubic spline surface at points that mostly lie in one knot interval after another.
!!
!! What depends on the interval alone is kept until a point lies in another one.
!! Both coordinates go through the recurrence of the basis together, as two lanes. The operations on each number are
!! those of surface_value%evaluate. Source: specification 03, section 4. Parity: bitwise.
module surface_patch
  use kinds, only: wp
  use surface_value, only: move_inside, interval
  implicit none
  private
  public :: patch, value_and_gradient

  integer, parameter :: x_lane = 1, y_lane = 2

  type :: patch
    integer :: lx = 0, ly = 0            !< interval in x and y; 0 none yet
    real(wp) :: lower(2), upper(2)       !< its ends
    real(wp) :: knots(2, -2:3)           !< those that the basis reaches, from three left to three right of the point
    real(wp) :: first(2)                 !< first quotient of the recurrence
    real(wp) :: widths_2(2, 2), widths_3(2, 3)   !< denominators of degree 2 and 3
    real(wp) :: block(4, 4)              !< coefficients, y fastest
    real(wp) :: slopes_x(4, 3)           !< those of the derivative in x, y fastest
    real(wp) :: slopes_y(4, 3)           !< those of the derivative in y, x fastest
  end type patch

contains

  !> Value and gradient at v, which is moved when it lies outside the domain; without a value the gradient is left alone.
  pure subroutine value_and_gradient(here, tx, nx, ty, ny, are_sorted, c, v, value, gradient)
    type(patch), intent(inout) :: here
    integer, intent(in) :: nx, ny
    real(wp), intent(in) :: tx(*), ty(*), c(ny - 4, *)
    logical, intent(in) :: are_sorted
    real(wp), intent(inout) :: v(2)
    real(wp), intent(out) :: value
    real(wp), intent(inout) :: gradient(2)
    logical :: is_inside

    if (.not. (are_sorted .and. holds(here, v))) then
      value = 0
      call move_inside(tx, nx, ty, ny, v(1), v(2), is_inside)
      if (.not. is_inside) return
      call move_patch(here, tx, interval(tx, nx, v(1), are_sorted), ty, interval(ty, ny, v(2), are_sorted), ny, c)
    end if
    call evaluate_in(here, v, value, gradient)
  end subroutine value_and_gradient

  !> Whether a point lies in the interval at hand; the last interval's end does not count.
  pure logical function holds(here, v)
    type(patch), intent(in) :: here
    real(wp), intent(in) :: v(2)

    holds = .false.
    if (here%lx == 0) return
    holds = v(1) >= here%lower(1) .and. v(1) < here%upper(1) .and. v(2) >= here%lower(2) .and. v(2) < here%upper(2)
  end function holds

  !> Everything that depends on the interval alone.
  pure subroutine move_patch(here, tx, lx, ty, ly, ny, c)
    type(patch), intent(inout) :: here
    integer, intent(in) :: lx, ly, ny
    real(wp), intent(in) :: tx(*), ty(*), c(ny - 4, *)
    real(wp) :: across(4, 4)
    integer :: i, j

    if (lx == here%lx .and. ly == here%ly) return
    here%lx = lx
    here%ly = ly
    here%knots(x_lane, :) = tx(lx - 2:lx + 3)
    here%knots(y_lane, :) = ty(ly - 2:ly + 3)
    here%lower = here%knots(:, 0)
    here%upper = here%knots(:, 1)
    here%first = 1/(here%knots(:, 1) - here%knots(:, 0))
    do i = 1, 2
      here%widths_2(:, i) = here%knots(:, i) - here%knots(:, i - 2)
    end do
    do i = 1, 3
      here%widths_3(:, i) = here%knots(:, i) - here%knots(:, i - 3)
    end do
    do i = 1, 4
      do j = 1, 4
        here%block(j, i) = c(ly - 4 + j, lx - 4 + i)
        across(i, j) = here%block(j, i)
      end do
    end do
    call slopes_of(here%block, here%widths_3(x_lane, :), here%slopes_x)
    call slopes_of(across, here%widths_3(y_lane, :), here%slopes_y)
  end subroutine move_patch

  !> Coefficients of the derivative along the second dimension; on an empty interval the right-hand ones stay.
  pure subroutine slopes_of(block, widths, slopes)
    real(wp), intent(in) :: block(4, 4), widths(3)
    real(wp), intent(out) :: slopes(4, 3)
    integer :: i

    do i = 1, 3
      if (widths(i) > 0) then
        slopes(:, i) = ((block(:, i + 1) - block(:, i))*3)/widths(i)
      else
        slopes(:, i) = block(:, i + 1)
      end if
    end do
  end subroutine slopes_of

  !> Value and gradient within the interval.
  pure subroutine evaluate_in(here, v, value, gradient)
    type(patch), intent(in) :: here
    real(wp), intent(in) :: v(2)
    real(wp), intent(out) :: value, gradient(2)
    real(wp) :: cubic(4, 2), quadratic(3, 2), s, s_x, s_y
    integer :: i, j

    call basis_of_both(here, v, quadratic, cubic)
    s = 0
    do i = 1, 4
      do j = 1, 4
        s = s + (cubic(i, x_lane)*cubic(j, y_lane))*here%block(j, i)
      end do
    end do
    s_x = 0
    s_y = 0
    do i = 1, 3
      do j = 1, 4
        s_x = s_x + (quadratic(i, x_lane)*cubic(j, y_lane))*here%slopes_x(j, i)
        s_y = s_y + (quadratic(i, y_lane)*cubic(j, x_lane))*here%slopes_y(j, i)
      end do
    end do
    value = s
    gradient = [s_x, s_y]
  end subroutine evaluate_in

  !> Quadratic and cubic B-splines in x and y (b_splines%basis_all_degrees).
  pure subroutine basis_of_both(here, v, quadratic, cubic)
    type(patch), intent(in) :: here
    real(wp), intent(in) :: v(2)
    real(wp), intent(out) :: quadratic(3, 2), cubic(4, 2)
    real(wp) :: f(2), left(2, 3), linear(2, 2), right(2, 3)
    integer :: i

    do i = 1, 3
      right(:, i) = here%knots(:, i) - v           ! up to the knots on the right
      left(:, i) = v - here%knots(:, 1 - i)        ! from the knots on the left, nearest first
    end do
    linear(:, 1) = 0 + here%first*right(:, 1)      ! adding zero makes of -0 a 0
    linear(:, 2) = here%first*left(:, 1)
    quadratic(1, :) = 0
    do i = 1, 2
      f = linear(:, i)/here%widths_2(:, i)
      quadratic(i, :) = quadratic(i, :) + f*right(:, i)
      quadratic(i + 1, :) = f*left(:, 3 - i)
    end do
    cubic(1, :) = 0
    do i = 1, 3
      f = quadratic(i, :)/here%widths_3(:, i)
      cubic(i, :) = cubic(i, :) + f*right(:, i)
      cubic(i + 1, :) = f*left(:, 4 - i)
    end do
  end subroutine basis_of_both

end module surface_patch
