!> Kernels as the tests see them: external procedures with explicit shapes, for dierckx_tests.pyf.

subroutine basis_values(t, n, k, x, l, h, h_all)
  use kinds, only: wp
  use b_splines, only: basis, basis_all_degrees
  implicit none
  integer, intent(in) :: n, k, l
  real(wp), intent(in) :: t(n), x
  real(wp), intent(out) :: h(k + 1), h_all(k + 1, k + 1)

  h_all = 0
  call basis(t, k, x, l, h)
  call basis_all_degrees(t, k, x, l, h_all)
end subroutine basis_values

subroutine derivative_jumps(t, n, k, b)
  use kinds, only: wp
  use b_splines, only: jumps
  implicit none
  integer, intent(in) :: n, k
  real(wp), intent(in) :: t(n)
  real(wp), intent(out) :: b(n, k + 2)

  b = 0
  call jumps(t, n, k + 2, b, n)
end subroutine derivative_jumps

subroutine givens_rotation(piv, wi, ww, co, si)
  use kinds, only: wp
  use givens, only: rotation
  implicit none
  real(wp), intent(in) :: piv
  real(wp), intent(inout) :: wi, ww
  real(wp), intent(out) :: co, si

  call rotation(piv, wi, ww, co, si)
end subroutine givens_rotation

subroutine givens_rotate(piv, co, si, a, b)
  use kinds, only: wp
  use givens, only: rotate
  implicit none
  real(wp), intent(in) :: piv, co, si
  real(wp), intent(inout) :: a, b

  call rotate(piv, co, si, a, b)
end subroutine givens_rotate

subroutine insert_knot(x, m, t, n, nmax, fpint, nrdata, nrint, added)
  use kinds, only: wp
  use knot_placement, only: add_knot
  implicit none
  integer, intent(in) :: m, nmax
  real(wp), intent(in) :: x(m)
  real(wp), intent(inout) :: t(nmax), fpint(nmax)
  integer, intent(inout) :: n, nrdata(nmax), nrint
  integer, intent(out) :: added
  logical :: was_added

  call add_knot(x, t, n, fpint, nrdata, nrint, was_added)
  added = merge(1, 0, was_added)
end subroutine insert_knot

subroutine zero_of_rational(p1, f1, p2, f2, p3, f3, p)
  use kinds, only: wp
  use smoothing_parameter, only: rational_zero
  implicit none
  real(wp), intent(inout) :: p1, f1, p3, f3
  real(wp), intent(in) :: p2, f2
  real(wp), intent(out) :: p

  call rational_zero(p1, f1, p2, f2, p3, f3, p)
end subroutine zero_of_rational

subroutine symmetric_solve(a, n, g)
  use kinds, only: wp
  use small_systems, only: solve_symmetric
  implicit none
  integer, intent(in) :: n
  real(wp), intent(inout) :: a(6, 6), g(6)

  call solve_symmetric(a, n, g)
end subroutine symmetric_solve

subroutine cyclic_solve(a, n, c)
  use kinds, only: wp
  use small_systems, only: factor_cyclic, solve_cyclic
  implicit none
  integer, intent(in) :: n
  real(wp), intent(inout) :: a(6, n), c(n)

  call factor_cyclic(a, n)
  call solve_cyclic(a, n, c)
end subroutine cyclic_solve

!> Fit with given knots: first p infinite, then every p > 0 of the list; residual sums of each.
subroutine given_knots_rectangle(x, mx, y, my, z, tx, nx, ty, ny, p, np, c, sq, fpx, fpy, spx, spy, nrx, nry, bx, by)
  use kinds, only: wp
  use rectangle_given_knots, only: buffer_layout, layout_of, fit_given_knots
  use residual_sums, only: sum_residuals
  implicit none
  integer, intent(in) :: mx, my, nx, ny, np
  real(wp), intent(in) :: x(mx), y(my), z(my, mx), tx(nx), ty(ny), p(np)
  real(wp), intent(out) :: c((nx - 4)*(ny - 4), np), sq(np), fpx(nx, np), fpy(ny, np)
  real(wp), intent(out) :: spx(mx, 4), spy(my, 4), bx(nx - 8, 5), by(ny - 8, 5)
  integer, intent(out) :: nrx(mx), nry(my)
  type(buffer_layout) :: at
  real(wp), allocatable :: w(:)
  integer :: i, j

  at = layout_of(my, nx, ny, .false.)
  allocate (w(at%total), source=0.0_wp)
  do i = 1, np
    call fit_given_knots(x, mx, y, my, z, tx, nx, ty, ny, p(i), i - 2, spx, spy, nrx, nry, at, w)
    c(:, i) = w(at%c + 1:at%c + size(c, 1))
    call sum_residuals(mx, my, z, nx, ny, c(:, i), spx, spy, nrx, nry, sq(i), fpx(:, i), fpy(:, i))
  end do
  do j = 1, 5
    bx(:, j) = w(at%bx + (j - 1)*at%ld + 1:at%bx + (j - 1)*at%ld + nx - 8)
    by(:, j) = w(at%by + (j - 1)*at%ld + 1:at%by + (j - 1)*at%ld + ny - 8)
  end do
end subroutine given_knots_rectangle

!> Values and gradients at points one after the other, as the optimiser finds them.
subroutine gradients_on_the_way(tx, ltx, nx, ty, lty, ny, c, nc, v, n, s, g)
  use kinds, only: wp
  use surface_patch, only: patch, value_and_gradient
  use surface_value, only: is_ascending
  implicit none
  integer, intent(in) :: ltx, nx, lty, ny, nc, n
  real(wp), intent(in) :: tx(ltx), ty(lty), c(nc)
  real(wp), intent(inout) :: v(2, n)
  real(wp), intent(out) :: s(n), g(2, n)
  type(patch) :: here
  integer :: i
  logical :: are_sorted

  are_sorted = is_ascending(tx, nx) .and. is_ascending(ty, ny)
  g = 0
  do i = 1, n
    call value_and_gradient(here, tx, nx, ty, ny, are_sorted, c, v(:, i), s(i), g(:, i))
  end do
end subroutine gradients_on_the_way

!> Fit on a rectangle as rectangle_surface, but with work arrays that do not overlap.
subroutine rectangle_surface_apart(x, mx, y, my, z, limits, s, tx, ltx, ty, lty, c, nc, numbers, sums, &
                                   nrdatx, nrdaty, reals, nr, integers, ni)
  use kinds, only: wp
  use rectangle_fit, only: fit_in_work
  implicit none
  integer, intent(in) :: mx, my, ltx, lty, nc, nr, ni
  real(wp), intent(in) :: x(mx), y(my), z(my, mx), limits(4), s
  real(wp), intent(inout) :: tx(ltx), ty(lty), c(nc), reals(nr)
  integer, intent(inout) :: nrdatx(mx + 4), nrdaty(my + 4), integers(ni)
  integer, intent(out) :: numbers(6)
  real(wp), intent(out) :: sums(5)

  call fit_in_work(x, mx, y, my, z, limits, s, .false., tx, ty, c, numbers, sums, nrdatx, nrdaty, reals, integers)
end subroutine rectangle_surface_apart
