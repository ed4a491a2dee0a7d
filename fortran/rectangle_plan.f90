!> Interpolation on a rectangular grid whose rotations are known: what fit_rectangle does for s = 0, field after field.
!!
!! Works in blocks of a few rows or columns that stay in the nearest cache. Parity: bitwise, equal to fit_rectangle.
module rectangle_plan
  use, intrinsic :: iso_fortran_env, only: real32
  use kinds, only: wp
  use b_splines, only: locate_basis
  use elimination_plan
  use lane_kernels, only: substitute
  use memory, only: must_be_allocated
  use row_elimination, only: rotation_list, allocate_list, eliminate_banded
  implicit none
  private
  public :: axis_plan, carve_axes, axis_reals, axis_integers, plan_axis, interpolate_double, interpolate_single
  public :: load_double, store_transposed

  integer, parameter :: per_row = 4      !< rotations of a data row, at most
  integer, parameter :: tile = 16        !< elements of a column that are moved together: whole cache lines

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

  subroutine carve_axis(axis, m, level, reals, last_real, integers, last_integer)
    type(axis_plan), intent(inout) :: axis
    integer, intent(in) :: m
    integer, intent(in) :: level         !< of vector instructions, see lane_kernels
    real(wp), intent(inout), target, contiguous :: reals(:)
    integer, intent(inout), target, contiguous :: integers(:)
    integer, intent(inout) :: last_real, last_integer

    call carve_elimination(axis%rows, m, per_row*m, reals, last_real, integers, last_integer)
    axis%rows%level = level
    axis%triangle(1:4, 1:m) => reals(last_real + 1:last_real + 4*m)
    last_real = last_real + 4*m
  end subroutine carve_axis

  !> Both directions, one behind the other; `last_real` is the last element taken.
  subroutine carve_axes(along_x, mx, along_y, my, level, reals, last_real, integers)
    type(axis_plan), intent(inout) :: along_x, along_y
    integer, intent(in) :: mx, my
    integer, intent(in) :: level         !< of vector instructions, see lane_kernels
    real(wp), intent(inout), target, contiguous :: reals(:)
    integer, intent(inout), target, contiguous :: integers(:)
    integer, intent(out) :: last_real
    integer :: last_integer

    last_real = 0
    last_integer = 0
    call carve_axis(along_x, mx, level, reals, last_real, integers, last_integer)
    call carve_axis(along_y, my, level, reals, last_real, integers, last_integer)
  end subroutine carve_axes

  !> Find the rotations of one direction; false when the system is not one that the plan can hold.
  logical function plan_axis(x, m, t, axis) result(is_usable)
    integer, intent(in) :: m
    real(wp), intent(in) :: x(m), t(m + 4)
    type(axis_plan), intent(inout) :: axis
    type(rotation_list) :: list
    real(wp), allocatable :: values(:, :), weights(:)
    real(wp) :: h(4)
    integer, allocatable :: left(:)
    integer :: it, stat

    allocate (values(m, 4), left(m), weights(m), stat=stat)
    call must_be_allocated(stat)
    call allocate_list(list, per_row)
    call locate_basis(x, m, t, m + 4, values, left)
    weights(:) = 0
    axis%triangle = 0
    call start_elimination(axis%rows)
    do it = 1, m
      h = values(it, :)
      call eliminate_banded(h, 1, 4, left(it), weights, axis%triangle, list)
      call keep_row(axis%rows, it, list)
    end do
    is_usable = fills_in_order(axis%rows, m)
  end function plan_axis

  !> Interpolate: x rows first, then y columns and x rows in place.
  pure subroutine interpolate_double(along_x, mx, along_y, my, z, c, lanes)
    type(axis_plan), intent(in) :: along_x, along_y
    integer, intent(in) :: mx, my
    real(wp), intent(in) :: z(mx, my)            !< data, x fastest
    real(wp), intent(inout) :: c(my, mx)         !< coefficients, y fastest
    real(wp), intent(inout) :: lanes(width, max(mx, my))   ! work
    integer :: j, n

    do j = 1, my, width
      n = min(width, my - j + 1)
      call load_double(z(1, j), mx, n, c(j, 1), my)
      call eliminate_block(along_x%rows, n, mx, c(j, 1), my, lanes)
    end do
    call finish(along_x, mx, along_y, my, c, lanes)
  end subroutine interpolate_double

  !> The same for data in single precision.
  pure subroutine interpolate_single(along_x, mx, along_y, my, z, c, lanes)
    type(axis_plan), intent(in) :: along_x, along_y
    integer, intent(in) :: mx, my
    real(real32), intent(in) :: z(mx, my)
    real(wp), intent(inout) :: c(my, mx)
    real(wp), intent(inout) :: lanes(width, max(mx, my))
    integer :: j, n

    do j = 1, my, width
      n = min(width, my - j + 1)
      call load_single(z(1, j), mx, n, c(j, 1), my)
      call eliminate_block(along_x%rows, n, mx, c(j, 1), my, lanes)
    end do
    call finish(along_x, mx, along_y, my, c, lanes)
  end subroutine interpolate_single

  !> Everything after the elimination along x, in place.
  pure subroutine finish(along_x, mx, along_y, my, c, lanes)
    type(axis_plan), intent(in) :: along_x, along_y
    integer, intent(in) :: mx, my
    real(wp), intent(inout) :: c(my, mx)
    real(wp), intent(inout) :: lanes(width, max(mx, my))
    integer :: i, j, n

    do i = 1, mx, width
      n = min(width, mx - i + 1)
      if (n < width) lanes = 0
      call load_double(c(1, i), my, n, lanes, width)
      call eliminate_lanes(along_y%rows, my, lanes, width)
      call substitute(along_y%rows%level, 4, 3, my, along_y%triangle, width, lanes)
      call store_transposed(lanes, c(1, i), my, my, n)
    end do
    do j = 1, my, width
      n = min(width, my - j + 1)
      call substitute_block(along_x%rows%level, along_x%triangle, 4, 3, n, mx, c(j, 1), my, lanes)
    end do
  end subroutine finish

  !> n columns of a become lanes.
  pure subroutine load_double(a, rows, n, lanes, ld)
    integer, intent(in) :: rows, n, ld
    real(wp), intent(in) :: a(rows, n)
    real(wp), intent(inout) :: lanes(ld, *)
    integer :: first, i, l

    do first = 1, rows, tile
      do l = 1, n
        do i = first, min(first + tile - 1, rows)
          lanes(l, i) = a(i, l)
        end do
      end do
    end do
  end subroutine load_double

  !> The same from single precision.
  pure subroutine load_single(a, rows, n, lanes, ld)
    integer, intent(in) :: rows, n, ld
    real(real32), intent(in) :: a(rows, n)
    real(wp), intent(inout) :: lanes(ld, *)
    integer :: first, i, l

    do first = 1, rows, tile
      do l = 1, n
        do i = first, min(first + tile - 1, rows)
          lanes(l, i) = real(a(i, l), wp)
        end do
      end do
    end do
  end subroutine load_single

  !> The reverse.
  pure subroutine store_transposed(lanes, a, ld, rows, n)
    integer, intent(in) :: ld, rows, n
    real(wp), intent(in) :: lanes(width, rows)
    real(wp), intent(inout) :: a(ld, n)
    integer :: first, i, l

    do first = 1, rows, tile
      if (first + tile - 1 <= rows) then
        do l = 1, n
          do i = first, first + tile - 1
            a(i, l) = lanes(l, i)
          end do
        end do
      else
        do l = 1, n
          do i = first, rows
            a(i, l) = lanes(l, i)
          end do
        end do
      end if
    end do
  end subroutine store_transposed

end module rectangle_plan
