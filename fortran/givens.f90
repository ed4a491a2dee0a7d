!> Givens rotations without square roots: unit triangle, weights kept apart.
!!
!! Reference: Gentleman (1973) J. Inst. Math. Appl. 12, 329-336. Source: specification 03, section 3.3. Parity: bitwise.
module givens
  use kinds, only: wp
  implicit none
  private
  public :: rotation, rotate, rotate_row

contains

  !> Coefficients of the rotation of a row of weight wi into a pivot row of weight ww (cossin).
  pure subroutine rotation(piv, wi, ww, co, si)
    real(wp), intent(in) :: piv          !< element to be annihilated
    real(wp), intent(inout) :: wi        !< weight of the incoming row
    real(wp), intent(inout) :: ww        !< weight of the pivot row
    real(wp), intent(out) :: co, si
    real(wp) :: store, dd

    store = piv*wi
    dd = ww + store*piv
    co = ww/dd
    si = store/dd
    ww = dd
    wi = co*wi
  end subroutine rotation

  !> Apply a rotation to one element a of the incoming row and b of the pivot row.
  pure elemental subroutine rotate(piv, co, si, a, b)
    real(wp), intent(in) :: piv, co, si
    real(wp), intent(inout) :: a, b
    real(wp) :: store

    store = b
    b = co*store + si*a
    a = a - piv*store
  end subroutine rotate

  !> Apply a rotation to n contiguous elements of both rows.
  pure subroutine rotate_row(n, piv, co, si, a, b)
    integer, intent(in) :: n
    real(wp), intent(in) :: piv, co, si
    real(wp), intent(inout) :: a(n), b(n)
    real(wp) :: store
    integer :: j

    do j = 1, n
      store = b(j)
      b(j) = co*store + si*a(j)
      a(j) = a(j) - piv*store
    end do
  end subroutine rotate_row

end module givens
