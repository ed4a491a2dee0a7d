!> Interpolation on a rectangular grid whose rotations are known: what fit_rectangle does for s = 0, field after field.
!!
!! Works in blocks of a few rows or columns that stay in the nearest cache. Parity: bitwise, equal to fit_rectangle.
module rectangle_plan
  use kinds, only: wp
  use b_splines, only: locate_basis
  use elimination_plan
  use row_elimination, only: rotation_list, allocate_list, eliminate_banded
  implicit none
  private
  public :: axis_plan, carve_axis, axis_reals, axis_integers, plan_axis, interpolate_planned
  public :: load_transposed, store_transposed

  integer, parameter :: per_row = 4      !< rotations of a data row, at most

  !> One direction.
  type :: axis_plan
    type(elimination) :: rows
    real(wp), pointer, contiguous :: triangle(:, :) => null()   !< (4, number of coefficients)
  end type axis_plan

contains

  pure integer function axis_reals(m)
    integer, intent(in) :: m

    axis_reals = elimination_reals(m, per_row*m) + 4*m
  end function axis_reals

  pure integer function axis_integers(m)
    integer, intent(in) :: m

    axis_integers = elimination_integers(m, per_row*m)
  end function axis_integers

  subroutine carve_axis(axis, m, reals, last_real, integers, last_integer)
    type(axis_plan), intent(inout) :: axis
    integer, intent(in) :: m
    real(wp), intent(inout), target, contiguous :: reals(:)
    integer, intent(inout), target, contiguous :: integers(:)
    integer, intent(inout) :: last_real, last_integer

    call carve_elimination(axis%rows, m, per_row*m, reals, last_real, integers, last_integer)
    axis%triangle(1:4, 1:m) => reals(last_real + 1:last_real + 4*m)
    last_real = last_real + 4*m
  end subroutine carve_axis

  !> Find the rotations of one direction; false when the system is not one that the plan can hold.
  logical function plan_axis(x, m, t, axis) result(is_usable)
    integer, intent(in) :: m
    real(wp), intent(in) :: x(m), t(m + 4)
    type(axis_plan), intent(inout) :: axis
    type(rotation_list) :: list
    real(wp), allocatable :: values(:, :), weights(:)
    real(wp) :: h(4)
    integer, allocatable :: left(:)
    integer :: it

    allocate (values(m, 4), left(m), weights(m))
    call allocate_list(list, per_row)
    call locate_basis(x, m, t, m + 4, values, left)
    weights = 0
    axis%triangle = 0
    call start_elimination(axis%rows)
    do it = 1, m
      h = values(it, :)
      call eliminate_banded(h, 1, 4, left(it), weights, axis%triangle, list)
      call keep_row(axis%rows, it, list)
    end do
    is_usable = fills_in_order(axis%rows, m)
  end function plan_axis

  !> Interpolate; z is used up.
  pure subroutine interpolate_planned(along_x, mx, along_y, my, z, c, lanes)
    type(axis_plan), intent(in) :: along_x, along_y
    integer, intent(in) :: mx, my
    real(wp), intent(inout) :: z(mx, my)         !< data, x fastest
    real(wp), intent(inout) :: c(my, mx)         !< coefficients, y fastest
    real(wp), intent(inout) :: lanes(width, max(mx, my))   ! work
    integer :: i, j, n

    do j = 1, my, width
      n = min(width, my - j + 1)
      call load_transposed(z(1, j), mx, mx, n, lanes)
      call eliminate_lanes(along_x%rows, mx, lanes)
      call store_transposed(lanes, z(1, j), mx, mx, n)
    end do
    do i = 1, mx, width
      n = min(width, mx - i + 1)
      do j = 1, my
        lanes(1:n, j) = z(i:i + n - 1, j)
      end do
      call eliminate_lanes(along_y%rows, my, lanes)
      call substitute_lanes(along_y%triangle, 4, 3, my, lanes)
      do j = 1, my
        z(i:i + n - 1, j) = lanes(1:n, j)
      end do
    end do
    do j = 1, my, width
      n = min(width, my - j + 1)
      call load_transposed(z(1, j), mx, mx, n, lanes)
      call substitute_lanes(along_x%triangle, 4, 3, mx, lanes)
      do i = 1, mx
        c(j:j + n - 1, i) = lanes(1:n, i)
      end do
    end do
  end subroutine interpolate_planned

  !> n columns of a become lanes; lanes without a column keep harmless numbers.
  pure subroutine load_transposed(a, ld, rows, n, lanes)
    integer, intent(in) :: ld, rows, n
    real(wp), intent(in) :: a(ld, n)
    real(wp), intent(inout) :: lanes(width, rows)
    integer :: i, l

    if (n < width) lanes = 0
    if (n == width) then
      do i = 1, rows
        do l = 1, width
          lanes(l, i) = a(i, l)
        end do
      end do
    else
      do i = 1, rows
        do l = 1, n
          lanes(l, i) = a(i, l)
        end do
      end do
    end if
  end subroutine load_transposed

  !> The reverse.
  pure subroutine store_transposed(lanes, a, ld, rows, n)
    integer, intent(in) :: ld, rows, n
    real(wp), intent(in) :: lanes(width, rows)
    real(wp), intent(inout) :: a(ld, n)
    integer :: i, l

    do l = 1, n
      do i = 1, rows
        a(i, l) = lanes(l, i)
      end do
    end do
  end subroutine store_transposed

end module rectangle_plan
