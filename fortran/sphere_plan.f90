!> Interpolation on the sphere whose rotations are known: what fit_sphere does for s = 0, field after field.
!!
!! Two sweeps along u are planned, that of the coarser fit which finds the pole values and that of the interpolation,
!! and one along v. Parity: bitwise, equal to fit_sphere.
module sphere_plan
  use kinds, only: wp
  use elimination_plan
  use lane_kernels, only: substitute, subtract_border
  use rectangle_plan, only: load_double, store_transposed
  use row_elimination, only: eliminate_banded
  use sphere_fit, only: sphere_grid, knots_of_longitude, knots_of_first_fit, knots_of_interpolation
  use sphere_given_knots, only: sphere_knots, pole_share, prepare, eliminate_v, share_of_poles, pole_coefficients, &
                                at_points, complete_periods
  use sphere_workspace, only: workspace
  implicit none
  private
  public :: u_plan, planned_sphere, carve_sphere, sphere_reals, sphere_integers, plan_sphere, interpolate_sphere
  public :: slots

  integer, parameter :: per_row = 4      !< rotations of a data row along u, at most
  integer, parameter :: slots = 8        !< rows of the triangle that a data row of the coarse fit may reach back

  !> A sweep along u.
  type :: u_plan
    type(sphere_knots) :: n
    type(elimination) :: rows
    integer, pointer, contiguous :: share(:, :) => null()   !< (5, mu): pole_share, and 1 for a row not yet touched
    real(wp), pointer, contiguous :: factors(:, :) => null()   !< (4, mu): splines that belong to the north, the south pole
  end type u_plan

  type :: planned_sphere
    integer :: level = 0                 !< of vector instructions, see lane_kernels
    type(sphere_grid) :: grid
    type(u_plan) :: coarse, final
    type(elimination) :: along_v
    real(wp), pointer, contiguous :: triangle_u(:, :) => null()   !< (4, mu) of the interpolation
    real(wp), pointer, contiguous :: triangle_v(:, :) => null()   !< (6, mv + 7)
    real(wp), pointer, contiguous :: border_v(:, :) => null()     !< (4, mv + 7)
    real(wp), pointer, contiguous :: cosine(:, :) => null()       !< (mv + 7, 2)
    real(wp), pointer, contiguous :: spv(:, :) => null()          !< (mv, 4)
    real(wp), pointer, contiguous :: tu_coarse(:) => null()       !< (mu + 8)
    integer, pointer, contiguous :: nrv(:) => null()
    integer, pointer, contiguous :: knots(:) => null()            !< numbers of knots in u: coarse, final
  end type planned_sphere

contains

  pure integer function most_along_v(mv)
    integer, intent(in) :: mv

    most_along_v = 4*mv + 6*(mv + 7)
  end function most_along_v

  pure integer function sphere_reals(mu, mv)
    integer, intent(in) :: mu, mv

    sphere_reals = 2*(elimination_reals(mu, per_row*mu) + 4*mu) + elimination_reals(mv, most_along_v(mv)) &
                   + 4*mu + 12*(mv + 7) + 4*mv + mu + 8
  end function sphere_reals

  pure integer function sphere_integers(mu, mv)
    integer, intent(in) :: mu, mv

    sphere_integers = 2*(elimination_integers(mu, per_row*mu) + 5*mu) + elimination_integers(mv, most_along_v(mv)) + mv + 2
  end function sphere_integers

  !> Point the plan into two flat arrays.
  subroutine carve_sphere(plan, grid, level, reals, last_real, integers)
    type(planned_sphere), intent(inout) :: plan
    type(sphere_grid), intent(in) :: grid
    integer, intent(in) :: level
    real(wp), intent(inout), target, contiguous :: reals(:)
    integer, intent(out) :: last_real
    integer, intent(inout), target, contiguous :: integers(:)
    integer :: last_integer, mu, mv, nv

    plan%grid = grid
    plan%level = level
    mu = grid%mu
    mv = grid%mv
    nv = mv + 7
    last_real = 0
    last_integer = 0
    call carve_u(plan%coarse)
    call carve_u(plan%final)
    call carve_elimination(plan%along_v, mv, most_along_v(mv), reals, last_real, integers, last_integer)
    plan%coarse%rows%level = level
    plan%final%rows%level = level
    plan%along_v%level = level
    call matrix(plan%triangle_u, 4, mu)
    call matrix(plan%triangle_v, 6, nv)
    call matrix(plan%border_v, 4, nv)
    call matrix(plan%cosine, nv, 2)
    call matrix(plan%spv, mv, 4)
    plan%tu_coarse => reals(last_real + 1:last_real + mu + 8)
    last_real = last_real + mu + 8
    plan%nrv => integers(last_integer + 1:last_integer + mv)
    plan%knots => integers(last_integer + mv + 1:last_integer + mv + 2)
    plan%coarse%n = sphere_knots(plan%knots(1), nv, grid%smooth_north, grid%smooth_south)
    plan%final%n = sphere_knots(plan%knots(2), nv, grid%smooth_north, grid%smooth_south)

  contains

    subroutine carve_u(sweep)
      type(u_plan), intent(inout) :: sweep

      call carve_elimination(sweep%rows, mu, per_row*mu, reals, last_real, integers, last_integer)
      call matrix(sweep%factors, 4, mu)
      sweep%share(1:5, 1:mu) => integers(last_integer + 1:last_integer + 5*mu)
      last_integer = last_integer + 5*mu
    end subroutine carve_u

    subroutine matrix(a, n, m)
      real(wp), pointer, contiguous, intent(out) :: a(:, :)
      integer, intent(in) :: n, m

      a(1:n, 1:m) => reals(last_real + 1:last_real + n*m)
      last_real = last_real + n*m
    end subroutine matrix

  end subroutine carve_sphere

  !> Find all rotations; false when the systems are not ones that the plan can hold.
  logical function plan_sphere(plan, u, v, tu, tv, ws) result(is_usable)
    type(planned_sphere), intent(inout) :: plan
    real(wp), intent(in) :: u(plan%grid%mu), v(plan%grid%mv)
    real(wp), intent(inout) :: tu(*), tv(*)      !< out: the knots of the interpolation
    type(workspace), intent(inout) :: ws
    logical :: coarse_is_usable
    integer :: mu, mv

    mu = plan%grid%mu
    mv = plan%grid%mv
    call knots_of_longitude(v, mv, plan%grid%ve, tv)
    call knots_of_first_fit(u, mu, plan%knots(1), plan%tu_coarse)
    plan%coarse%n%nu = plan%knots(1)
    call plan_u(plan%coarse, u, mu, v, mv, plan%tu_coarse, tv, ws)
    coarse_is_usable = reaches_back_little(plan%coarse, mu) .and. poles_are_apart(plan%coarse, mu)
    call knots_of_interpolation(u, mu, plan%grid%smooth_north, plan%grid%smooth_south, plan%knots(2), tu)
    plan%final%n%nu = plan%knots(2)
    call plan_u(plan%final, u, mu, v, mv, tu, tv, ws)
    plan%triangle_u = ws%au(:, 1:mu)
    call plan_v(plan, ws)
    plan%cosine = ws%cosine
    plan%spv = ws%spv
    plan%nrv = ws%nrv
    is_usable = mv >= 4 .and. coarse_is_usable .and. fills_in_order(plan%final%rows, mu) &
                .and. fills_in_order(plan%along_v, mv)
  end function plan_sphere

  !> One sweep along u.
  subroutine plan_u(sweep, u, mu, v, mv, tu, tv, ws)
    type(u_plan), intent(inout) :: sweep
    integer, intent(in) :: mu, mv
    real(wp), intent(in) :: u(mu), v(mv), tu(sweep%n%nu), tv(mv + 7)
    type(workspace), intent(inout) :: ws
    type(pole_share) :: share
    real(wp) :: h(5)
    integer :: it, last, touched

    call prepare(u, mu, v, mv, sweep%n, tu, tv, -1.0_wp, -1, ws)
    ws%d = 0
    ws%au = 0
    touched = 0
    call start_elimination(sweep%rows)
    do it = 1, mu
      h(1:4) = ws%spu(it, :)
      h(5) = 0
      share = share_of_poles(sweep%n, ws%nru(it), ws%nru(it))
      sweep%factors(:, it) = [h(1), h(2), h(4), h(3)]
      call eliminate_banded(h, 1 + share%north, 4 - share%south, max(ws%nru(it) - sweep%n%smooth_north - 1, 0), &
                            ws%d, ws%au, ws%list)
      call keep_row(sweep%rows, it, ws%list)
      last = 0
      if (ws%list%n > 0) last = ws%list%row(ws%list%n)
      sweep%share(:, it) = [share%north, share%north_from, share%south, share%south_from, merge(1, 0, last > touched)]
      touched = max(touched, last)
    end do
  end subroutine plan_u

  !> The sweep along v; every row is a datum and fills one row of the periodic triangle.
  subroutine plan_v(plan, ws)
    type(planned_sphere), intent(inout) :: plan
    type(workspace), intent(inout) :: ws
    real(wp) :: h(5)
    logical :: is_closing
    integer :: it

    ws%dd = 0
    ws%av1 = 0
    ws%av2 = 0
    is_closing = .false.
    call start_elimination(plan%along_v)
    do it = 1, plan%grid%mv
      h(1:4) = ws%spv(it, :)
      h(5) = 0
      call eliminate_v(h, ws%nrv(it), plan%grid%mv - 4, is_closing, ws)
      call keep_row(plan%along_v, it, ws%list)
    end do
    plan%triangle_v = ws%av1
    plan%border_v = ws%av2
  end subroutine plan_v

  !> Whether rows fill one by one and none is touched again once `slots` further ones are.
  logical function reaches_back_little(sweep, mu)
    type(u_plan), intent(in) :: sweep
    integer, intent(in) :: mu
    integer :: first, it, last, touched

    reaches_back_little = .false.
    if (sweep%rows%overflows) return
    touched = 0
    do it = 1, mu
      first = sweep%rows%start(it)
      last = sweep%rows%start(it + 1) - 1
      if (sweep%share(5, it) == 1) then
        touched = touched + 1
        if (sweep%rows%row(last) /= touched .or. sweep%rows%coefficients(2, last) /= 0) return
        if (any(sweep%rows%row(first:last - 1) >= touched)) return
      end if
      if (any(sweep%rows%row(first:last) <= touched - slots)) return
    end do
    reaches_back_little = .true.
  end function reaches_back_little

  !> Whether every row with a share of the north pole comes before every row with one of the south pole.
  pure logical function poles_are_apart(sweep, mu)
    type(u_plan), intent(in) :: sweep
    integer, intent(in) :: mu
    integer :: it
    logical :: is_south

    is_south = .false.
    poles_are_apart = .true.
    do it = 1, mu
      is_south = is_south .or. sweep%share(3, it) > 0
      if (is_south .and. sweep%share(1, it) > 0) poles_are_apart = .false.
    end do
  end function poles_are_apart

  !> Interpolate for given pole values; r is used up.
  subroutine interpolate_sphere(plan, dr, tu, r, c, lanes, a0, a1, c0, c1)
    type(planned_sphere), intent(in) :: plan
    real(wp), intent(in) :: dr(6), tu(plan%final%n%nu)
    real(wp), intent(inout) :: r(plan%grid%mv, plan%grid%mu)   !< data, v fastest
    real(wp), intent(inout) :: c(plan%grid%mv + 3, plan%final%n%nu - 4)
    real(wp), intent(inout) :: lanes(width, max(plan%grid%mu, plan%grid%mv))           ! work
    real(wp), intent(inout) :: a0(plan%grid%mv, 2), a1(plan%grid%mv, 2)                ! work
    real(wp), intent(inout) :: c0(plan%grid%mv + 3), c1(plan%grid%mv + 3)              ! work
    integer :: i, it, j, k, mu, mv, n

    mu = plan%grid%mu
    mv = plan%grid%mv
    a0(:, 1) = dr(1)
    a1(:, 1) = dr(4)
    if (plan%grid%smooth_north == 1) then
      call pole_coefficients(dr(1:3), (tu(5) - tu(4))/3, mv + 3, plan%cosine, c0)
      call at_points(c0, mv, plan%nrv, plan%spv, a0(:, 2))
    end if
    if (plan%grid%smooth_south == 1) then
      call pole_coefficients(dr(4:6), (tu(plan%final%n%nu - 4) - tu(plan%final%n%nu - 3))/3, mv + 3, plan%cosine, c1)
      call at_points(c1, mv, plan%nrv, plan%spv, a1(:, 2))
    end if
    do it = 1, mu
      call subtract_poles(plan%final, it, mv, a0, a1, r(:, it))
    end do
    do i = 1, mv, width
      call eliminate_block(plan%final%rows, min(width, mv - i + 1), mu, r(i, 1), mv, lanes)
    end do
    do j = 1, mu, width
      n = min(width, mu - j + 1)
      if (n < width) lanes = 0
      call load_double(r(1, j), mv, n, lanes, width)
      call eliminate_lanes(plan%along_v, mv, lanes, width)
      call substitute_periodic(plan, mv, lanes)
      call store_transposed(lanes, r(1, j), mv, mv, n)
    end do
    k = 1 + plan%grid%smooth_north
    c(1:mv, k + 1:k + mu) = r
    do i = 1, mv, width
      call substitute_block(plan%level, plan%triangle_u, 4, 4, min(width, mv - i + 1), mu, c(i, k + 1), mv + 3, lanes)
    end do
    call complete_periods(dr, plan%final%n, c0, c1, c)
  end subroutine interpolate_sphere

  !> Take what the pole values contribute off one data row.
  pure subroutine subtract_poles(sweep, it, mv, a0, a1, row)
    type(u_plan), intent(in) :: sweep
    integer, intent(in) :: it, mv
    real(wp), intent(in) :: a0(mv, 2), a1(mv, 2)
    real(wp), intent(inout) :: row(mv)
    integer :: j, k

    do k = 1, sweep%share(1, it)
      do j = 1, mv
        row(j) = row(j) - sweep%factors(k, it)*a0(j, sweep%share(2, it) + k)
      end do
    end do
    do k = 1, sweep%share(3, it)
      do j = 1, mv
        row(j) = row(j) - sweep%factors(2 + k, it)*a1(j, sweep%share(4, it) + k)
      end do
    end do
  end subroutine subtract_poles

  !> Back-substitution along v: the border first, then the triangle.
  pure subroutine substitute_periodic(plan, mv, lanes)
    type(planned_sphere), intent(in) :: plan
    integer, intent(in) :: mv
    real(wp), intent(inout) :: lanes(width, mv)
    real(wp) :: f
    integer :: inner, i, j, m

    inner = mv - 4
    do m = 1, 3
      i = mv - m
      if (i < 1) exit
      do j = 5 - m, 4
        f = plan%border_v(j, i)
        lanes(:, i) = lanes(:, i) - lanes(:, inner + j)*f
      end do
    end do
    call subtract_border(plan%level, inner, plan%border_v, lanes)
    call substitute(plan%level, 6, 4, inner, plan%triangle_v, width, lanes)
  end subroutine substitute_periodic

end module sphere_plan
