!> All rotations of one sweep over a grid, kept for the right-hand sides to come, and their application to lanes.
!!
!! A lane is one right-hand side. `width` of them are carried through a sweep together, so that every operation is on
!! contiguous numbers; the operations of one lane are those of the plain fits in the same order. Parity: bitwise.
module elimination_plan
  use kinds, only: wp
  use lane_kernels, only: width, eliminate, substitute
  use row_elimination, only: rotation_list
  implicit none
  private
  public :: width, elimination, carve_elimination, elimination_reals, elimination_integers
  public :: start_elimination, keep_row, fills_in_order
  public :: eliminate_lanes, eliminate_block, substitute_block

  !> Rotations k = start(it) .. start(it + 1) - 1 belong to data row it.
  type :: elimination
    integer, pointer, contiguous :: start(:) => null()
    integer, pointer, contiguous :: row(:) => null()      !< row of the triangle
    real(wp), pointer, contiguous :: coefficients(:, :) => null()   !< piv, cos, sin
    real(wp), pointer, contiguous :: weight(:) => null()  !< of the data row in the residual sum; 0 when it does not enter
    integer :: level = 0                 !< of vector instructions, see lane_kernels
    logical :: overflows = .false.       !< more rotations than there is room for
  end type elimination

contains

  pure integer function elimination_reals(rows, most)
    integer, intent(in) :: rows, most

    elimination_reals = 3*most + rows
  end function elimination_reals

  pure integer function elimination_integers(rows, most)
    integer, intent(in) :: rows, most

    elimination_integers = rows + 1 + most
  end function elimination_integers

  !> Point the arrays into two flat ones; both offsets move on.
  subroutine carve_elimination(plan, rows, most, reals, last_real, integers, last_integer)
    type(elimination), intent(inout) :: plan
    integer, intent(in) :: rows          !< data rows
    integer, intent(in) :: most          !< rotations that there is room for
    real(wp), intent(inout), target, contiguous :: reals(:)
    integer, intent(inout), target, contiguous :: integers(:)
    integer, intent(inout) :: last_real, last_integer

    plan%coefficients(1:3, 1:most) => reals(last_real + 1:last_real + 3*most)
    plan%weight => reals(last_real + 3*most + 1:last_real + 3*most + rows)
    last_real = last_real + elimination_reals(rows, most)
    plan%start => integers(last_integer + 1:last_integer + rows + 1)
    plan%row => integers(last_integer + rows + 2:last_integer + rows + 1 + most)
    last_integer = last_integer + elimination_integers(rows, most)
  end subroutine carve_elimination

  subroutine start_elimination(plan)
    type(elimination), intent(inout) :: plan

    plan%overflows = .false.
    plan%start(1) = 1
  end subroutine start_elimination

  !> Keep the rotations of data row `it`; rows come in order.
  subroutine keep_row(plan, it, list)
    type(elimination), intent(inout) :: plan
    integer, intent(in) :: it
    type(rotation_list), intent(in) :: list
    integer :: first, k

    first = plan%start(it)
    plan%overflows = plan%overflows .or. first + list%n - 1 > size(plan%row)
    plan%start(it + 1) = first
    if (plan%overflows) return
    do k = 1, list%n
      plan%row(first + k - 1) = list%row(k)
      plan%coefficients(:, first + k - 1) = [list%piv(k), list%co(k), list%si(k)]
    end do
    plan%start(it + 1) = first + list%n
    plan%weight(it) = merge(list%weight, 0.0_wp, list%counts)
  end subroutine keep_row

  !> Whether data row `it` touches rows 1..it of the triangle only, and leaves no residual: then it can give way to row it.
  logical function fills_in_order(plan, rows)
    type(elimination), intent(in) :: plan
    integer, intent(in) :: rows
    integer :: it

    fills_in_order = .false.
    if (plan%overflows) return
    do it = 1, rows
      if (any(plan%row(plan%start(it):plan%start(it + 1) - 1) > it)) return
      if (plan%weight(it) /= 0) return
    end do
    fills_in_order = .true.
  end function fills_in_order

  !> A sweep in place over a plan that fills in order: data rows go in, rows of the triangle come out.
  pure subroutine eliminate_lanes(plan, rows, lanes, ld)
    type(elimination), intent(in) :: plan
    integer, intent(in) :: rows, ld
    real(wp), intent(inout) :: lanes(ld, *)       !< the first `width` elements of every row

    call eliminate(plan%level, rows, plan%start, plan%row, plan%coefficients, ld, lanes)
  end subroutine eliminate_lanes

  !> The same for n <= width lanes.
  pure subroutine eliminate_block(plan, n, rows, a, ld, lanes)
    type(elimination), intent(in) :: plan
    integer, intent(in) :: n, rows, ld
    real(wp), intent(inout) :: a(ld, *)              !< the first n elements of every row
    real(wp), intent(inout) :: lanes(width, rows)    ! work, not used for n = width

    if (n == width) then
      call eliminate_lanes(plan, rows, a, ld)
    else
      call widen(n, rows, a, ld, lanes)
      call eliminate_lanes(plan, rows, lanes, width)
      a(1:n, 1:rows) = lanes(1:n, 1:rows)
    end if
  end subroutine eliminate_block

  !> Back-substitution in place with a triangle of `band` rows above the diagonal, for n <= width lanes.
  pure subroutine substitute_block(level, triangle, ldt, band, n, rows, a, ld, lanes)
    integer, intent(in) :: level, ldt, band, n, rows, ld
    real(wp), intent(in) :: triangle(ldt, rows)      !< (distance from the diagonal, row)
    real(wp), intent(inout) :: a(ld, *)              !< the first n elements of every row
    real(wp), intent(inout) :: lanes(width, rows)    ! work, not used for n = width

    if (n == width) then
      call substitute(level, ldt, band, rows, triangle, ld, a)
    else
      call widen(n, rows, a, ld, lanes)
      call substitute(level, ldt, band, rows, triangle, width, lanes)
      a(1:n, 1:rows) = lanes(1:n, 1:rows)
    end if
  end subroutine substitute_block

  !> n lanes with harmless numbers beside them.
  pure subroutine widen(n, rows, a, ld, lanes)
    integer, intent(in) :: n, rows, ld
    real(wp), intent(in) :: a(ld, *)
    real(wp), intent(inout) :: lanes(width, rows)

    lanes = 0
    lanes(1:n, 1:rows) = a(1:n, 1:rows)
  end subroutine widen

end module elimination_plan
