!> Fits, evaluation and optimiser as seen from Python: external procedures with explicit shapes, for dierckx.pyf.

!> Sizes of the work arrays of rectangle_surface.
subroutine rectangle_work(mx, my, reals, integers)
  use rectangle_given_knots, only: buffer_layout, layout_of
  implicit none
  integer, intent(in) :: mx, my
  integer, intent(out) :: reals, integers
  type(buffer_layout) :: at

  at = layout_of(my, mx + 4, my + 4, .false.)
  reals = 4*mx + 4*my + (mx + 4) + (my + 4) + at%total
  integers = mx + my + (mx + 4) + (my + 4)
end subroutine rectangle_work

!> Fit on a rectangle: see rectangle_fit.
subroutine rectangle_surface(x, mx, y, my, z, limits, s, tx, ltx, ty, lty, c, nc, numbers, sums, &
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

  call fit_in_work(x, mx, y, my, z, limits, s, .true., tx, ty, c, numbers, sums, nrdatx, nrdaty, reals, integers)
end subroutine rectangle_surface

!> Sizes of the work arrays of sphere_surface.
subroutine sphere_work(mu, mv, nu, nv, reals, integers)
  use sphere_workspace, only: reals_needed, integers_needed
  implicit none
  integer, intent(in) :: mu, mv, nu, nv
  integer, intent(out) :: reals, integers

  reals = reals_needed(mu, mv, nu, nv) + nu + nv
  integers = integers_needed(mu, mv)
end subroutine sphere_work

!> Fit on the sphere: see sphere_fit.
subroutine sphere_surface(u, mu1, v, mv, r, s, smooth, ider, fewest_rows, limits, tu, ltu, tv, ltv, c, nc, poles, &
                          numbers, sums, dr, step, nrdatu, nrdatv, reals, nr, integers, ni)
  use kinds, only: wp
  use sphere_fit, only: fit_sphere, sphere_grid, sphere_result
  use sphere_workspace, only: workspace, carve, reals_needed
  implicit none
  integer, intent(in) :: mu1, mv, smooth(2), ider(4), fewest_rows, ltu, ltv, nc, nr, ni
  real(wp), intent(in) :: u(mu1), v(mv), r(mv, mu1 - 1), s, limits(2)
  real(wp), intent(inout) :: tu(ltu), tv(ltv), c(nc), poles(2), reals(nr)
  integer, intent(out) :: numbers(8)     !< nu, nv, flag, knots added last in u and v, direction, rows of the steps
  real(wp), intent(out) :: sums(5), dr(6), step(2)
  integer, intent(inout) :: nrdatu(ltu), nrdatv(ltv), integers(ni)
  type(sphere_grid) :: grid
  type(sphere_result) :: res
  type(workspace) :: ws
  integer :: fpu, mu, nu, nv

  mu = mu1 - 1
  nu = mu + 6 + sum(smooth)
  nv = mv + 7
  grid%mu = mu
  grid%mv = mv
  grid%smooth_north = smooth(1)
  grid%smooth_south = smooth(2)
  grid%ider = ider
  grid%fewest_rows = fewest_rows
  grid%s = s
  grid%vb = limits(1)
  grid%ve = limits(2)
  res%poles = poles
  call carve(ws, mu, mv, nu, nv, reals, integers)
  fpu = reals_needed(mu, mv, nu, nv) + 1
  call fit_sphere(grid, u, v, r, tu, tv, c, res, reals(fpu), reals(fpu + nu), nrdatu, nrdatv, ws)
  poles = res%poles
  numbers = [res%nu, res%nv, res%ier, res%added_u, res%added_v, res%last_direction, res%last_rows]
  sums = [res%fp, res%fp0, res%fpold, res%gain_u, res%gain_v]
  dr = res%dr
  step = res%step
end subroutine sphere_surface

!> Values (and derivatives) at many points; x and y come back as the points really used.
subroutine surface_at_points(tx, ltx, nx, ty, lty, ny, c, nc, derivatives, x, y, n, s, d)
  use kinds, only: wp
  use surface_value, only: evaluate, is_ascending
  implicit none
  integer, intent(in) :: ltx, nx, lty, ny, nc, derivatives, n
  real(wp), intent(in) :: tx(ltx), ty(lty), c(nc)
  real(wp), intent(inout) :: x(n), y(n), d(4, n)
  real(wp), intent(out) :: s(n)
  integer :: i
  logical :: are_sorted

  are_sorted = is_ascending(tx, nx) .and. is_ascending(ty, ny)
  do i = 1, n
    call evaluate(tx, nx, ty, ny, are_sorted, c, x(i), y(i), derivatives, s(i), d(1, i))
  end do
end subroutine surface_at_points

!> Optimise from many points under the same normals and, with nb = n, their own right-hand sides.
subroutine optimise_points(tx, ltx, nx, ty, lty, ny, c, nc, minimum, normal, lm, m, equalities, rhs, nb, v, &
                           estimate, n, value, flag)
  use kinds, only: wp
  use active_set, only: active, constraints, allocate_active, allocate_constraints
  use optimiser, only: optimise, surface
  use surface_patch, only: patch
  use surface_value, only: is_ascending
  implicit none
  integer, intent(in) :: ltx, nx, lty, ny, nc, minimum, lm, m, equalities, nb, n
  real(wp), intent(in) :: tx(ltx), ty(lty), c(nc), normal(2, lm), rhs(lm, nb), estimate(n)   ! lm >= m, lm > 0
  real(wp), intent(inout) :: v(2, n)
  real(wp), intent(out) :: value(n)
  integer, intent(out) :: flag(n)
  type(constraints) :: full
  type(active) :: set
  type(surface) :: f
  type(patch) :: here
  integer :: i

  f = surface(nx, ny, minimum /= 0, is_ascending(tx, nx) .and. is_ascending(ty, ny))
  call allocate_constraints(full, m, equalities, normal)
  call allocate_active(set, m)
  do i = 1, n
    full%rhs(:) = rhs(1:m, min(i, nb))
    call optimise(f, here, tx, ty, c, full, set, v(:, i), estimate(i), value(i), flag(i))
  end do
end subroutine optimise_points

!> Move features of some objects to the maxima of a surface and mark duplicates among them: see feature_optimiser.
!! The outcome is opt_dependent, with nothing changed, or opt_converged.
subroutine optimise_features(tx, ltx, nx, ty, lty, ny, c, nc, normal, lm, m, equalities, rhs, nb, &
                             spherical, restarts, seam, geodesic, start, ns, x, y, strength, nf, outcome)
  use, intrinsic :: iso_c_binding, only: c_int64_t
  use, intrinsic :: iso_fortran_env, only: real32
  use kinds, only: wp
  use status, only: opt_converged, opt_dependent
  use active_set, only: active, constraints, allocate_active, allocate_constraints
  use feature_optimiser, only: variables_of, position_of, is_at_seam, beyond_seam, mark_duplicates
  use optimiser, only: optimise, surface
  use surface_patch, only: patch
  use surface_value, only: is_ascending
  implicit none
  integer, intent(in) :: ltx, nx, lty, ny, nc, lm, m, equalities, nb, ns, nf
  integer, intent(in) :: spherical, restarts, geodesic
  real(wp), intent(in) :: tx(ltx), ty(lty), c(nc), normal(2, lm), rhs(lm, nb), seam(2)   ! lm >= m, lm > 0
  integer(c_int64_t), intent(in) :: start(ns)
  real(real32), intent(inout) :: x(0:nf - 1), y(0:nf - 1), strength(0:nf - 1)
  integer, intent(out) :: outcome
  type(constraints) :: full
  type(active) :: set
  type(surface) :: f
  type(patch) :: here
  integer :: axis, flag
  integer(c_int64_t) :: k
  real(wp) :: v(2), value

  f = surface(nx, ny, .false., is_ascending(tx, nx) .and. is_ascending(ty, ny))
  call allocate_constraints(full, m, equalities, normal)
  call allocate_active(set, m)
  axis = merge(2, 1, spherical /= 0)
  outcome = opt_converged
  do k = start(1), start(ns) - 1
    full%rhs(:) = rhs(1:m, min(k - start(1) + 1, int(nb, c_int64_t)))
    v = variables_of(spherical /= 0, x(k), y(k))
    call optimise(f, here, tx, ty, c, full, set, v, real(strength(k), wp), value, flag)
    if (flag == opt_dependent) then
      outcome = flag
      return
    end if
    if (restarts /= 0) then
      if (is_at_seam(v(axis), seam)) then
        v(axis) = beyond_seam(v(axis), seam)
        call optimise(f, here, tx, ty, c, full, set, v, real(real(value, real32), wp), value, flag)
      end if
    end if
    if (flag /= opt_converged) cycle
    call position_of(spherical /= 0, v, x(k), y(k))
    strength(k) = real(value, real32)
  end do
  call mark_duplicates(ns - 1, start, geodesic /= 0, x, y, strength)
end subroutine optimise_features

!> Prepare fixed points on fixed knots: see surface_samples.
subroutine samples_of_points(tx, ltx, nx, ty, lty, ny, x, y, n, first, hx, hy)
  use kinds, only: wp
  use surface_samples, only: prepare_samples
  implicit none
  integer, intent(in) :: ltx, nx, lty, ny, n
  real(wp), intent(in) :: tx(ltx), ty(lty)
  real(wp), intent(inout) :: x(n), y(n)
  integer, intent(out) :: first(n)
  real(wp), intent(out) :: hx(4, n), hy(4, n)

  call prepare_samples(tx, nx, ty, ny, n, x, y, first, hx, hy)
end subroutine samples_of_points

!> Values at prepared points.
subroutine surface_at_samples(c, nc, ld, first, hx, hy, n, s)
  use kinds, only: wp
  use surface_samples, only: sample
  implicit none
  integer, intent(in) :: nc, ld, n, first(n)
  real(wp), intent(in) :: c(nc), hx(4, n), hy(4, n)
  real(wp), intent(out) :: s(n)

  call sample(c, ld, n, first, hx, hy, s)
end subroutine surface_at_samples

!> Values at prepared points, in single precision, each to its place (counted from 0) in a larger array.
subroutine field_at_samples(c, nc, ld, first, hx, hy, n, place, field, nf)
  use, intrinsic :: iso_fortran_env, only: real32
  use kinds, only: wp
  use surface_samples, only: sample_to
  implicit none
  integer, intent(in) :: nc, ld, n, nf, first(n), place(n)
  real(wp), intent(in) :: c(nc), hx(4, n), hy(4, n)
  real(real32), intent(inout) :: field(0:nf - 1)

  call sample_to(c, ld, n, first, hx, hy, place, field)
end subroutine field_at_samples

!> Set of vector instructions that this machine has: see lane_kernels.
subroutine vector_instructions(level)
  use lane_kernels, only: highest_level
  implicit none
  integer, intent(out) :: level

  level = highest_level()
end subroutine vector_instructions

!> Sizes of the arrays of a plan for interpolation on a rectangle.
subroutine rectangle_plan_sizes(mx, my, reals, integers)
  use lane_kernels, only: width
  use rectangle_plan, only: axis_reals, axis_integers
  implicit none
  integer, intent(in) :: mx, my
  integer, intent(out) :: reals, integers

  reals = axis_reals(mx) + axis_reals(my) + width*max(mx, my)
  integers = axis_integers(mx) + axis_integers(my)
end subroutine rectangle_plan_sizes

!> Plan interpolation on a rectangle; usable is 0 when only the plain fit will do. Sets the knots.
subroutine plan_rectangle(x, mx, y, my, limits, tx, ltx, ty, lty, reals, nr, integers, ni, usable)
  use kinds, only: wp
  use rectangle_fit, only: knots_of_interpolation
  use rectangle_plan, only: axis_plan, carve_axes, plan_axis
  implicit none
  integer, intent(in) :: mx, my, ltx, lty, nr, ni
  real(wp), intent(in) :: x(mx), y(my), limits(4)
  real(wp), intent(inout) :: tx(ltx), ty(lty), reals(nr)
  integer, intent(inout) :: integers(ni)
  integer, intent(out) :: usable
  type(axis_plan) :: along_x, along_y
  integer :: last_real

  call carve_axes(along_x, mx, along_y, my, 0, reals, last_real, integers)
  call knots_of_interpolation(x, mx, limits(1), limits(2), tx)
  call knots_of_interpolation(y, my, limits(3), limits(4), ty)
  usable = 0
  if (plan_axis(x, mx, tx, along_x)) usable = merge(1, 0, plan_axis(y, my, ty, along_y))
end subroutine plan_rectangle

!> Interpolate one field as planned.
subroutine planned_rectangle(z, mx, my, level, reals, nr, integers, ni, c)
  use kinds, only: wp
  use rectangle_plan, only: axis_plan, carve_axes, interpolate_double
  implicit none
  integer, intent(in) :: mx, my, nr, ni
  integer, intent(in) :: level           !< of vector instructions, see lane_kernels
  real(wp), intent(in) :: z(mx, my)
  real(wp), intent(inout) :: reals(nr), c(my, mx)
  integer, intent(inout) :: integers(ni)
  type(axis_plan) :: along_x, along_y
  integer :: last_real

  call carve_axes(along_x, mx, along_y, my, level, reals, last_real, integers)
  call interpolate_double(along_x, mx, along_y, my, z, c, reals(last_real + 1))
end subroutine planned_rectangle

!> Interpolate one field in single precision as planned.
subroutine planned_rectangle_single(z, mx, my, level, reals, nr, integers, ni, c)
  use, intrinsic :: iso_fortran_env, only: real32
  use kinds, only: wp
  use rectangle_plan, only: axis_plan, carve_axes, interpolate_single
  implicit none
  integer, intent(in) :: mx, my, nr, ni
  integer, intent(in) :: level           !< of vector instructions, see lane_kernels
  real(real32), intent(in) :: z(mx, my)
  real(wp), intent(inout) :: reals(nr), c(my, mx)
  integer, intent(inout) :: integers(ni)
  type(axis_plan) :: along_x, along_y
  integer :: last_real

  call carve_axes(along_x, mx, along_y, my, level, reals, last_real, integers)
  call interpolate_single(along_x, mx, along_y, my, z, c, reals(last_real + 1))
end subroutine planned_rectangle_single

!> Sizes of the arrays of a plan for interpolation on the sphere.
subroutine sphere_plan_sizes(mu, mv, reals, integers)
  use lane_kernels, only: width
  use sphere_plan, only: sphere_reals, sphere_integers
  use sphere_pole_plan, only: pole_reals
  implicit none
  integer, intent(in) :: mu, mv
  integer, intent(out) :: reals, integers

  reals = sphere_reals(mu, mv) + max(pole_reals(mv), width*max(mu, mv) + 4*mv + 2*(mv + 3))
  integers = sphere_integers(mu, mv)
end subroutine sphere_plan_sizes

!> Plan interpolation on the sphere; usable is 0 when only the plain fit will do. Sets the knots and their numbers.
subroutine plan_sphere_surface(u, mu, v, mv, smooth, ider, limits, tu, ltu, tv, ltv, work, nw, iwork, niw, &
                               reals, nr, integers, ni, numbers, usable)
  use kinds, only: wp
  use sphere_fit, only: sphere_grid
  use sphere_plan, only: planned_sphere, carve_sphere, plan_sphere
  use sphere_workspace, only: workspace, carve
  implicit none
  integer, intent(in) :: mu, mv, smooth(2), ider(4), ltu, ltv, nw, niw, nr, ni
  real(wp), intent(in) :: u(mu), v(mv), limits(2)
  real(wp), intent(inout) :: tu(ltu), tv(ltv), work(nw), reals(nr)
  integer, intent(inout) :: iwork(niw), integers(ni)
  integer, intent(out) :: numbers(2), usable
  type(planned_sphere) :: plan
  type(workspace) :: ws
  integer :: last_real

  call carve(ws, mu, mv, mu + 6 + sum(smooth), mv + 7, work, iwork)
  call carve_sphere(plan, sphere_grid(mu=mu, mv=mv, smooth_north=smooth(1), smooth_south=smooth(2), ider=ider, &
                                      vb=limits(1), ve=limits(2)), 0, reals, last_real, integers)
  usable = merge(1, 0, plan_sphere(plan, u, v, tu, tv, ws))
  numbers = [plan%final%n%nu, plan%final%n%nv]
end subroutine plan_sphere_surface

!> Interpolate one field as planned; r is used up. usable is 0 when the values ask for the plain fit.
subroutine planned_sphere_surface(r, mv, mu, smooth, ider, limits, tu, ltu, level, reals, nr, integers, ni, c, nc, &
                                  poles, dr, step, usable)
  use kinds, only: wp
  use lane_kernels, only: width
  use sphere_fit, only: sphere_grid, pole_means
  use sphere_plan, only: planned_sphere, carve_sphere, interpolate_sphere
  use sphere_pole_plan, only: find_poles, spread_of
  implicit none
  integer, intent(in) :: mv, mu, smooth(2), ider(4), ltu, nr, ni, nc
  integer, intent(in) :: level           !< of vector instructions, see lane_kernels
  real(wp), intent(inout) :: r(mv, mu), reals(nr), c(nc), poles(2)
  real(wp), intent(in) :: limits(2), tu(ltu)
  integer, intent(inout) :: integers(ni)
  real(wp), intent(out) :: dr(6), step(2)
  integer, intent(out) :: usable
  type(planned_sphere) :: plan
  integer :: a0, a1, c0, c1, known(4), lanes, last_real

  call carve_sphere(plan, sphere_grid(mu=mu, mv=mv, smooth_north=smooth(1), smooth_south=smooth(2), ider=ider, &
                                      vb=limits(1), ve=limits(2)), level, reals, last_real, integers)
  call pole_means(mu, mv, r, ider, poles)
  call spread_of(poles, mu*mv, r, step(1), usable)
  dr = [poles(1), 0.0_wp, 0.0_wp, poles(2), 0.0_wp, 0.0_wp]
  if (usable == 0) return
  step(2) = step(1)
  known = ider
  if (known(1) == 0) known(1) = 1
  if (known(3) == 0) known(3) = 1
  lanes = last_real + 1
  if (known(1) < 0 .or. known(3) < 0 .or. (smooth(1) == 1 .and. known(2) == 0) .or. (smooth(2) == 1 .and. known(4) == 0)) then
    call find_poles(plan, r, known, step, dr, reals(lanes))
  else
    step = 0
  end if
  a0 = lanes + width*max(mu, mv)
  a1 = a0 + 2*mv
  c0 = a1 + 2*mv
  c1 = c0 + mv + 3
  call interpolate_sphere(plan, dr, tu, r, c, reals(lanes), reals(a0), reals(a1), reals(c0), reals(c1))
end subroutine planned_sphere_surface

!> The same for a field in single precision whose rows run from the south; columns beyond mv are ignored.
subroutine planned_sphere_single(field, columns, r, mv, mu, smooth, ider, limits, tu, ltu, level, reals, nr, integers, &
                                 ni, c, nc, poles, dr, step, usable)
  use, intrinsic :: iso_fortran_env, only: real32
  use kinds, only: wp
  implicit none
  integer, intent(in) :: columns, mv, mu, smooth(2), ider(4), ltu, nr, ni, nc, level
  real(real32), intent(in) :: field(columns, mu)
  real(wp), intent(inout) :: r(mv, mu), reals(nr), c(nc), poles(2)   !< r receives the data
  real(wp), intent(in) :: limits(2), tu(ltu)
  integer, intent(inout) :: integers(ni)
  real(wp), intent(out) :: dr(6), step(2)
  integer, intent(out) :: usable
  external :: planned_sphere_surface
  integer :: i

  do i = 1, mu
    r(:, i) = real(field(1:mv, mu + 1 - i), wp)
  end do
  call planned_sphere_surface(r, mv, mu, smooth, ider, limits, tu, ltu, level, reals, nr, integers, ni, c, nc, &
                              poles, dr, step, usable)
end subroutine planned_sphere_single
