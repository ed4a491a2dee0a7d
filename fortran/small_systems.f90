!> Small linear systems: symmetric, and cyclic tridiagonal.
!!
!! Source: specification 03, sections 3.7 and 3.8. Parity: bitwise.
module small_systems
  use kinds, only: wp
  implicit none
  private
  public :: solve_symmetric, factor_cyclic, solve_cyclic

contains

  !> Solve a symmetric system of up to six unknowns by LDL' (symsys).
  pure subroutine solve_symmetric(a, n, g)
    real(wp), intent(inout) :: a(6, 6)   !< lower triangle in, factors out
    integer, intent(in) :: n
    real(wp), intent(inout) :: g(6)      !< right-hand side in, solution out
    real(wp) :: f
    integer :: i, j, k

    g(1) = g(1)/a(1, 1)
    if (n == 1) return
    do k = 2, n
      a(k, 1) = a(k, 1)/a(1, 1)
    end do
    do i = 2, n
      do k = i, n
        f = a(k, i)
        do j = 1, i - 1
          f = f - (a(j, j)*a(k, j))*a(i, j)
        end do
        a(k, i) = f
        if (k > i) a(k, i) = f/a(i, i)
      end do
    end do
    do i = 2, n
      f = g(i)
      do j = 1, i - 1
        f = f - (g(j)*a(j, j))*a(i, j)
      end do
      g(i) = f/a(i, i)
    end do
    do i = n - 1, 1, -1
      f = g(i)
      do k = i + 1, n
        f = f - g(k)*a(k, i)
      end do
      g(i) = f
    end do
  end subroutine solve_symmetric

  !> LU factors of a cyclic tridiagonal matrix, n >= 4 (cytri1).
  pure subroutine factor_cyclic(a, n)
    integer, intent(in) :: n
    real(wp), intent(inout) :: a(6, n)   !< rows 1-3: sub-, main, super-diagonal with corners a(1,1), a(3,n); 4-6 factors
    real(wp) :: aa, be, ga, te, total, v
    integer :: i

    be = 1/a(2, 1)
    ga = a(3, n)
    te = a(1, 1)*be
    a(4:6, 1) = [be, ga, te]
    total = ga*te
    do i = 2, n - 2
      v = a(3, i - 1)*be
      aa = a(1, i)
      be = 1/(a(2, i) - aa*v)
      ga = -ga*v
      te = -(te*aa)*be
      a(4:6, i) = [be, ga, te]
      total = total + ga*te
    end do
    v = a(3, n - 2)*be
    aa = a(1, n - 1)
    be = 1/(a(2, n - 1) - aa*v)
    ga = a(1, n) - ga*v
    te = (a(3, n - 1) - te*aa)*be
    a(4:6, n - 1) = [be, ga, te]
    a(4, n) = 1/(a(2, n) - (total + ga*te))
  end subroutine factor_cyclic

  !> Solve with the factors of factor_cyclic; the right-hand side is overwritten by the solution (cytri2).
  pure subroutine solve_cyclic(a, n, c)
    integer, intent(in) :: n
    real(wp), intent(in) :: a(6, n)
    real(wp), intent(inout) :: c(n)
    real(wp) :: cc, total
    integer :: i

    c(1) = c(1)*a(4, 1)
    total = c(1)*a(5, 1)
    do i = 2, n - 1
      c(i) = (c(i) - a(1, i)*c(i - 1))*a(4, i)
      total = total + c(i)*a(5, i)
    end do
    cc = (c(n) - total)*a(4, n)
    c(n) = cc
    c(n - 1) = c(n - 1) - cc*a(6, n - 1)
    do i = n - 2, 1, -1
      c(i) = (c(i) - (c(i + 1)*a(3, i))*a(4, i)) - cc*a(6, i)
    end do
  end subroutine solve_cyclic

end module small_systems
