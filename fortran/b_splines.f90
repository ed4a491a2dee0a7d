!> Values of B-splines and jumps of their highest derivative.
!!
!! Written anew from specification 03, section 3. References: de Boor (1972) J. Approx. Theory 6, 50-62;
!! Cox (1972) J. Inst. Math. Appl. 10, 134-149; Dierckx (1982) SIAM J. Numer. Anal. 19, 1286-1304.
!! All routines are re-entrant. Parity: bitwise.
module b_splines
  use kinds, only: wp
  use constants, only: order
  implicit none
  private
  public :: basis, basis_all_degrees, locate_basis, jumps, scaled_jumps

contains

  !> The k+1 B-splines of degree k that are not zero on t(l) <= x < t(l+1) (bsplin).
  pure subroutine basis(t, k, x, l, h)
    real(wp), intent(in) :: t(*)         !< knots
    integer, intent(in) :: k             !< degree
    real(wp), intent(in) :: x            !< abscissa
    integer, intent(in) :: l             !< 1-based interval, k < l
    real(wp), intent(out) :: h(k + 1)    !< values of B-splines l-k .. l
    real(wp) :: hh(k), f
    integer :: i, j

    h(1) = 1
    do j = 1, k
      hh(1:j) = h(1:j)
      h(1) = 0
      do i = 1, j
        f = hh(i)/(t(l + i) - t(l + i - j))
        h(i) = h(i) + f*(t(l + i) - x)
        h(i + 1) = f*(x - t(l + i - j))
      end do
    end do
  end subroutine basis

  !> As basis, with every lower degree kept: column j+1 holds degree j in rows 1..j+1 (bsplin_all).
  pure subroutine basis_all_degrees(t, k, x, l, h)
    real(wp), intent(in) :: t(*)
    integer, intent(in) :: k
    real(wp), intent(in) :: x
    integer, intent(in) :: l
    real(wp), intent(inout) :: h(k + 1, k + 1)   !< entries below the diagonal are left alone
    real(wp) :: f
    integer :: i, j

    h(1, 1) = 1
    do j = 1, k
      h(1, j + 1) = 0
      do i = 1, j
        f = h(i, j)/(t(l + i) - t(l + i - j))
        h(i, j + 1) = h(i, j + 1) + f*(t(l + i) - x)
        h(i + 1, j + 1) = f*(x - t(l + i - j))
      end do
    end do
  end subroutine basis_all_degrees

  !> Cubic B-splines at ascending data points and the number of interior knots left of each.
  pure subroutine locate_basis(x, m, t, n, values, left)
    integer, intent(in) :: m, n
    real(wp), intent(in) :: x(m), t(n)
    real(wp), intent(out) :: values(m, order)
    integer, intent(out) :: left(m)      !< 0 for the first interval
    real(wp) :: h(order)
    integer :: it, l

    l = order
    do it = 1, m
      do while (.not. (x(it) < t(l + 1) .or. l == n - order))
        l = l + 1
      end do
      call basis(t, order - 1, x(it), l, h)
      values(it, :) = h
      left(it) = l - order
    end do
  end subroutine locate_basis

  !> Jumps of the k-th derivative of the B-splines at the interior knots, not scaled (disco).
  pure subroutine jumps(t, n, k2, b, ld)
    integer, intent(in) :: n             !< number of knots
    integer, intent(in) :: k2            !< degree + 2
    integer, intent(in) :: ld
    real(wp), intent(in) :: t(n)
    real(wp), intent(inout) :: b(ld, *)  !< rows 1..n-2*k2+2 of k2 columns are set
    real(wp) :: h(2*k2), prod
    integer :: i, j, k, l, r

    k = k2 - 2
    do l = k + 2, n - k - 1
      r = l - k - 1
      do j = 1, k + 1
        h(j) = t(l) - t(l + j - k - 2)
        h(j + k + 1) = t(l) - t(l + j)
      end do
      do j = 1, k + 2
        prod = 1
        do i = j, j + k
          prod = prod*h(i)
        end do
        b(r, j) = (t(r + j + k) - t(r + j - 1))/prod
      end do
    end do
  end subroutine jumps

  !> Jumps of the third derivative, every factor scaled by the mean knot distance (as fpdisc).
  pure subroutine scaled_jumps(t, n, b, ld)
    integer, intent(in) :: n, ld
    real(wp), intent(in) :: t(n)
    real(wp), intent(inout) :: b(ld, 5)  !< rows 1..n-8 are set
    real(wp) :: h(8), fac, prod
    integer :: i, j, k, l

    fac = (n - 7)/(t(n - 3) - t(4))
    do i = 1, n - 8
      l = i + 4
      do j = 1, 4
        h(j) = t(l) - t(i + j - 1)
        h(j + 4) = t(l) - t(l + j)
      end do
      do j = 1, 5
        prod = h(j)
        do k = 1, 3
          prod = (prod*h(j + k))*fac
        end do
        b(i, j) = (t(i + j + 3) - t(i + j - 1))/prod
      end do
    end do
  end subroutine scaled_jumps

end module b_splines
