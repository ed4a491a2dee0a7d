!> All rotations of one sweep over a grid, kept for the right-hand sides to come, and their application to lanes.
!!
!! A lane is one right-hand side. `width` of them are carried through a sweep together, so that every operation is on
!! contiguous numbers; the operations of one lane are those of the plain fits in the same order. Parity: bitwise.
module elimination_plan
  use kinds, only: wp
  use row_elimination, only: rotation_list
  implicit none
  private
  public :: width, elimination, carve_elimination, elimination_reals, elimination_integers
  public :: start_elimination, keep_row, fills_in_order
  public :: eliminate_lanes, substitute_lanes, rotate_chain

  integer, parameter :: width = 32       !< measured: 8 is held back by the latency of a lane's operations, 64 by the cache

  !> Rotations k = start(it) .. start(it + 1) - 1 belong to data row it.
  type :: elimination
    integer, pointer, contiguous :: start(:) => null()
    integer, pointer, contiguous :: row(:) => null()      !< row of the triangle
    real(wp), pointer, contiguous :: coefficients(:, :) => null()   !< piv, cos, sin
    real(wp), pointer, contiguous :: weight(:) => null()  !< of the data row in the residual sum; 0 when it does not enter
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
  pure subroutine eliminate_lanes(plan, rows, lanes)
    type(elimination), intent(in) :: plan
    integer, intent(in) :: rows
    real(wp), intent(inout) :: lanes(width, rows)
    real(wp) :: a(width), co, piv, si, store
    integer :: it, k, l, last, row

    do it = 1, rows
      a = lanes(:, it)
      last = plan%start(it + 1) - 1
      do k = plan%start(it), last
        row = plan%row(k)
        piv = plan%coefficients(1, k)
        co = plan%coefficients(2, k)
        si = plan%coefficients(3, k)
        if (row == it) exit
        do l = 1, width
          store = lanes(l, row)
          lanes(l, row) = co*store + si*a(l)
          a(l) = a(l) - piv*store
        end do
      end do
      if (k <= last) then
        store = co*0.0_wp                ! row `it` was zero so far
        do l = 1, width
          lanes(l, it) = store + si*a(l)
        end do
      else
        lanes(:, it) = 0                 ! the data row had no weight left
      end if
    end do
  end subroutine eliminate_lanes

  !> Back-substitution in place with a triangle of `band` rows above the diagonal.
  pure subroutine substitute_lanes(triangle, ld, band, rows, lanes)
    integer, intent(in) :: ld, band, rows
    real(wp), intent(in) :: triangle(ld, rows)   !< (distance from the diagonal, row)
    real(wp), intent(inout) :: lanes(width, rows)
    real(wp) :: a(width), f
    integer :: i, j, l

    do i = rows - 1, 1, -1
      a = lanes(:, i)
      do j = 1, min(band, rows - i)
        f = triangle(j, i)
        do l = 1, width
          a(l) = a(l) - lanes(l, i + j)*f
        end do
      end do
      lanes(:, i) = a
    end do
  end subroutine substitute_lanes

  !> Apply the rotations first..last of a plan to n lanes; row r of the triangle is kept in slot mod(r, slots) + 1.
  pure subroutine rotate_chain(plan, first, last, n, a, ring, ld, slots, is_fresh)
    type(elimination), intent(in) :: plan
    integer, intent(in) :: first, last, n, ld, slots
    real(wp), intent(inout) :: a(n)
    real(wp), intent(inout) :: ring(ld, slots)
    logical, intent(in) :: is_fresh      !< the last row is still zero, whatever its slot holds
    real(wp) :: b(width), co, piv, si, store
    integer :: k, l, o, slot

    do o = 0, n - width, width
      do l = 1, width
        b(l) = a(o + l)
      end do
      do k = first, last
        slot = mod(plan%row(k), slots) + 1
        piv = plan%coefficients(1, k)
        co = plan%coefficients(2, k)
        si = plan%coefficients(3, k)
        if (is_fresh .and. k == last) then
          do l = 1, width
            ring(o + l, slot) = 0.0_wp + si*b(l)
          end do
        else
          do l = 1, width
            store = ring(o + l, slot)
            ring(o + l, slot) = co*store + si*b(l)
            b(l) = b(l) - piv*store
          end do
        end if
      end do
      do l = 1, width
        a(o + l) = b(l)
      end do
    end do
    do k = first, last
      slot = mod(plan%row(k), slots) + 1
      piv = plan%coefficients(1, k)
      co = plan%coefficients(2, k)
      si = plan%coefficients(3, k)
      do l = n - mod(n, width) + 1, n
        store = ring(l, slot)
        if (is_fresh .and. k == last) store = 0
        ring(l, slot) = co*store + si*a(l)
        a(l) = a(l) - piv*store
      end do
    end do
  end subroutine rotate_chain

end module elimination_plan
