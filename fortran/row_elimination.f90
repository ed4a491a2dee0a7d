!> Rotations that bring one more row into a banded triangle.
!!
!! The rotations depend on the grid and on the rows before, never on the data: they are found first and then applied to
!! as many right-hand sides as wanted. Source: specification 03, sections 5 and 9. Parity: bitwise.
module row_elimination
  use kinds, only: wp
  use givens, only: rotation, rotate, rotate_row
  use memory, only: must_be_allocated
  implicit none
  private
  public :: rotation_list, allocate_list, eliminate_banded, eliminate_closing, apply_to_row

  !> The rotations of one row, in order.
  type :: rotation_list
    integer :: n = 0
    real(wp) :: weight = 0               !< what the row still weighs in the residual sum
    logical :: counts = .false.          !< whether it enters the residual sum at all
    integer, allocatable :: row(:)       !< row of the triangle
    real(wp), allocatable :: piv(:), co(:), si(:)
  end type rotation_list

contains

  subroutine allocate_list(list, most)
    type(rotation_list), intent(inout) :: list
    integer, intent(in) :: most
    integer :: stat

    allocate (list%row(most), list%piv(most), list%co(most), list%si(most), stat=stat)
    call must_be_allocated(stat)
  end subroutine allocate_list

  !> Rotation of element piv into a row of the triangle; what else the row holds is up to the caller.
  subroutine add_rotation(list, row, piv, ww)
    type(rotation_list), intent(inout) :: list
    integer, intent(in) :: row
    real(wp), intent(in) :: piv
    real(wp), intent(inout) :: ww        !< weight of that row
    integer :: n

    n = list%n + 1
    list%n = n
    list%row(n) = row
    list%piv(n) = piv
    call rotation(piv, list%weight, ww, list%co(n), list%si(n))
  end subroutine add_rotation

  !> A row h(first:last) whose first element belongs to row `before` + 1.
  subroutine eliminate_banded(h, first, last, before, weights, triangle, list)
    integer, intent(in) :: first, last, before
    real(wp), intent(inout) :: h(:)
    real(wp), intent(inout) :: weights(:)        !< diagonal weights of the triangle
    real(wp), intent(inout) :: triangle(:, :)    !< unit upper triangle, (distance from the diagonal, row)
    type(rotation_list), intent(inout) :: list
    integer :: i, j, n, row

    call start_list(list)
    row = before
    do i = first, last
      if (list%weight == 0) return
      row = row + 1
      if (h(i) == 0) cycle
      call add_rotation(list, row, h(i), weights(row))
      n = list%n
      do j = i + 1, last
        call rotate(list%piv(n), list%co(n), list%si(n), h(j), triangle(j - i, row))
      end do
    end do
    list%counts = .true.
  end subroutine eliminate_banded

  !> A row of a periodic system that touches its last four columns, which form a border.
  subroutine eliminate_closing(h1, h2, inner, weights, triangle, border, list)
    real(wp), intent(inout) :: h1(5), h2(4)      !< the row's part in the triangle and in the border
    integer, intent(in) :: inner                 !< rows outside the border
    real(wp), intent(inout) :: weights(:), triangle(:, :), border(:, :)
    type(rotation_list), intent(inout) :: list
    integer :: i, j, n, shift

    call start_list(list)
    do j = 1, inner
      shift = min(inner - j, 4)
      if (h1(1) /= 0) then
        call add_rotation(list, j, h1(1), weights(j))
        n = list%n
        do i = 1, 4
          call rotate(list%piv(n), list%co(n), list%si(n), h2(i), border(i, j))
        end do
        if (shift == 0) exit
        do i = 1, shift
          call rotate(list%piv(n), list%co(n), list%si(n), h1(i + 1), triangle(i, j))
        end do
      end if
      do i = 1, shift
        h1(i) = h1(i + 1)
      end do
      h1(shift + 1) = 0
    end do
    do j = 1, 4
      if (list%weight == 0) return
      if (inner + j <= 0 .or. h2(j) == 0) cycle
      call add_rotation(list, inner + j, h2(j), weights(inner + j))
      n = list%n
      do i = j + 1, 4
        call rotate(list%piv(n), list%co(n), list%si(n), h2(i), border(i, inner + j))
      end do
    end do
    list%counts = .true.
  end subroutine eliminate_closing

  pure subroutine start_list(list)
    type(rotation_list), intent(inout) :: list

    list%n = 0
    list%weight = 1
    list%counts = .false.
  end subroutine start_list

  !> Apply the rotations to one right-hand side of n elements; row k of the triangle has its part in targets(:, k).
  subroutine apply_to_row(list, n, right, targets)
    type(rotation_list), intent(in) :: list
    integer, intent(in) :: n
    real(wp), intent(inout), contiguous :: right(:)
    real(wp), intent(inout), contiguous :: targets(:, :)
    integer :: k

    do k = 1, list%n
      call rotate_row(n, list%piv(k), list%co(k), list%si(k), right, targets(:, list%row(k)))
    end do
  end subroutine apply_to_row

end module row_elimination
