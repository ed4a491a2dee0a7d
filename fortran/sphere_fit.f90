!> Smoothing or interpolating spline on the sphere: choice of knots and of p (sphery).
!!
!! References: Dierckx (1984) Computing 32, 319-342; report TW73 (1985), K.U.Leuven.
!! Written anew from specification 03, section 11. Parity: bitwise.
module sphere_fit
  use kinds, only: wp
  use constants, only: fewest_knots, fit_tolerance, sphere_interpolates, pi_of_knots, two_pi_of_knots
  use status
  use knot_placement, only: add_knot, knots_to_add
  use residual_sums, only: sum_residuals
  use smoothing_parameter, only: p_search, start_search, next_p
  use sphere_given_knots, only: sphere_knots
  use sphere_poles, only: fit_sphere_with_poles, pole_residual
  use sphere_workspace, only: workspace
  implicit none
  private
  public :: fit_sphere, sphere_grid, sphere_result, pole_means, range_with
  public :: knots_of_longitude, knots_of_first_fit, knots_of_interpolation

  !> What is asked for.
  type :: sphere_grid
    integer :: mu, mv
    integer :: smooth_north = 0, smooth_south = 0   !< continuous first derivative at the pole (1) or not (0)
    integer :: ider(4) = [-1, 0, -1, 0]  !< pole value: -1 no data, 0 datum, 1 exact; derivatives: 0 free, 1 zero
    integer :: fewest_rows = 4           !< rows that a step size is taken from (mumin)
    real(wp) :: s = 0                    !< wanted sum of squared residuals
    real(wp) :: vb = 0, ve = 0           !< limits of the longitude
  end type sphere_grid

  !> What comes out besides knots and coefficients.
  type :: sphere_result
    integer :: nu = 0, nv = 0, ier = 0
    real(wp) :: fp = 0, fp0 = 0          !< residuals: last fit, polynomial
    real(wp) :: poles(2) = 0             !< pole data (r0, r1)
    real(wp) :: dr(6) = 0                !< pole values and derivatives
    real(wp) :: step(2) = 0
    integer :: last_rows(2) = 0          !< rows that the steps were taken from
    real(wp) :: fpold = 0, gain_u = 0, gain_v = 0
    integer :: added_u = 0, added_v = 0, last_direction = 0
  end type sphere_result

contains

  !> Fit r on u (co-latitude) * v (longitude).
  subroutine fit_sphere(grid, u, v, r, tu, tv, c, res, fpu, fpv, nrdatu, nrdatv, ws)
    type(sphere_grid), intent(in) :: grid
    real(wp), intent(in) :: u(grid%mu + 1)         !< ascending in (0, pi); one more element is readable, see add_u
    real(wp), intent(in) :: v(grid%mv)             !< ascending in [0, 2 pi), v(1) = 0
    real(wp), intent(in) :: r(grid%mv, grid%mu)    !< data, v fastest
    real(wp), intent(inout) :: tu(*), tv(*), c(*)
    type(sphere_result), intent(inout) :: res      !< poles comes in when ider asks for it
    real(wp), intent(inout) :: fpu(*), fpv(*)      ! work
    integer, intent(inout) :: nrdatu(*), nrdatv(*) ! work
    type(workspace), intent(inout) :: ws
    real(wp) :: bounds(2)

    res%ier = 0
    if (grid%s < 0) return
    call pole_means(grid%mu, grid%mv, r, grid%ider, res%poles)
    bounds = range_with(res%poles, size(r), r)
    if (grid%s < sphere_interpolates) then
      call interpolate(grid, u, v, r, bounds(2) - bounds(1), tu, tv, c, res, ws)
    else
      call smooth(grid, u, v, r, bounds(2) - bounds(1), tu, tv, c, res, fpu, fpv, nrdatu, nrdatv, ws)
    end if
  end subroutine fit_sphere

  !> Pole data without observations: the mean of the nearest row.
  pure subroutine pole_means(mu, mv, r, ider, poles)
    integer, intent(in) :: mu, mv, ider(4)
    real(wp), intent(in) :: r(mv, mu)
    real(wp), intent(inout) :: poles(2)
    real(wp) :: total
    integer :: i

    if (ider(1) < 0) then
      total = 0
      do i = 1, mv
        total = total + r(i, 1)
      end do
      poles(1) = total/mv
    end if
    if (ider(3) < 0) then
      total = 0
      do i = mv, 1, -1
        total = total + r(i, mu)
      end do
      poles(2) = total/mv
    end if
  end subroutine pole_means

  !> Range of data; starts from (r0, r1), whichever is larger.
  pure function range_with(poles, n, r) result(bounds)
    real(wp), intent(in) :: poles(2)
    integer, intent(in) :: n
    real(wp), intent(in) :: r(n)
    real(wp) :: bounds(2)
    integer :: i

    bounds = poles
    do i = 1, n
      if (r(i) < bounds(1)) bounds(1) = r(i)
      if (r(i) > bounds(2)) bounds(2) = r(i)
    end do
  end function range_with

  !> Knots in longitude that make the spline interpolate.
  pure subroutine knots_of_longitude(v, mv, ve, tv)
    integer, intent(in) :: mv
    real(wp), intent(in) :: v(mv), ve
    real(wp), intent(inout) :: tv(mv + 7)
    integer :: i

    tv(4:mv + 3) = v
    tv(mv + 4) = ve
    do i = 1, 3
      tv(i) = v(mv - 3 + i) - two_pi_of_knots
      tv(mv + 4 + i) = v(i + 1) + two_pi_of_knots
    end do
  end subroutine knots_of_longitude

  !> Knots in co-latitude of the fit that finds the pole values: every second row.
  pure subroutine knots_of_first_fit(u, mu, nu, tu)
    integer, intent(in) :: mu
    real(wp), intent(in) :: u(mu)
    integer, intent(out) :: nu
    real(wp), intent(inout) :: tu(*)
    integer :: i

    nu = 4
    do i = 3, mu - 2, 2
      nu = nu + 1
      tu(nu) = u(i)
    end do
    nu = nu + 4
    tu(1:4) = 0
    tu(nu - 3:nu) = pi_of_knots
  end subroutine knots_of_first_fit

  !> Knots in co-latitude that make the spline interpolate.
  pure subroutine knots_of_interpolation(u, mu, smooth_north, smooth_south, nu, tu)
    integer, intent(in) :: mu, smooth_north, smooth_south
    real(wp), intent(in) :: u(mu)
    integer, intent(out) :: nu
    real(wp), intent(inout) :: tu(*)
    integer :: l

    nu = mu + 6 + smooth_north + smooth_south
    do l = 1, nu - 8
      tu(l + 4) = u(1 - smooth_north + l)
    end do
    tu(1:4) = 0
    tu(nu - 3:nu) = pi_of_knots
  end subroutine knots_of_interpolation

  !> s = 0: pole values from a coarser least-squares fit, then interpolation.
  subroutine interpolate(grid, u, v, r, spread, tu, tv, c, res, ws)
    type(sphere_grid), intent(in) :: grid
    real(wp), intent(in) :: u(grid%mu), v(grid%mv), r(grid%mv, grid%mu), spread
    real(wp), intent(inout) :: tu(*), tv(*), c(*)
    type(sphere_result), intent(inout) :: res
    type(workspace), intent(inout) :: ws
    type(sphere_knots) :: n
    integer :: known(4)

    res%ier = fit_interpolates
    res%nv = grid%mv + 7
    call knots_of_longitude(v, grid%mv, grid%ve, tv)
    res%dr = [res%poles(1), 0.0_wp, 0.0_wp, res%poles(2), 0.0_wp, 0.0_wp]
    known = grid%ider
    if (known(1) == 0) known(1) = 1
    if (known(3) == 0) known(3) = 1
    if (known(1) < 0 .or. known(3) < 0 .or. (grid%smooth_north == 1 .and. known(2) == 0) &
        .or. (grid%smooth_south == 1 .and. known(4) == 0)) then
      call knots_of_first_fit(u, grid%mu, res%nu, tu)
      res%step = spread
      n = sphere_knots(res%nu, res%nv, grid%smooth_north, grid%smooth_south)
      call fit_sphere_with_poles(u, grid%mu, v, grid%mv, r, res%poles, known, n, tu, tv, -1.0_wp, -1, &
                                 res%step, res%dr, c, res%fp, ws)
    end if
    call knots_of_interpolation(u, grid%mu, grid%smooth_north, grid%smooth_south, res%nu, tu)
    n = sphere_knots(res%nu, res%nv, grid%smooth_north, grid%smooth_south)
    call fit_sphere_with_poles(u, grid%mu, v, grid%mv, r, res%poles, known, n, tu, tv, -1.0_wp, -1, &
                               res%step, res%dr, c, res%fp, ws)
    res%last_rows = grid%mu
  end subroutine interpolate

  !> s > 0: add knots until the residual is small enough, then search p.
  subroutine smooth(grid, u, v, r, spread, tu, tv, c, res, fpu, fpv, nrdatu, nrdatv, ws)
    type(sphere_grid), intent(in) :: grid
    real(wp), intent(in) :: u(grid%mu + 1), v(grid%mv), r(grid%mv, grid%mu), spread
    real(wp), intent(inout) :: tu(*), tv(*), c(*), fpu(*), fpv(*)
    type(sphere_result), intent(inout) :: res
    integer, intent(inout) :: nrdatu(*), nrdatv(*)
    type(workspace), intent(inout) :: ws
    type(p_search) :: search
    real(wp) :: acc, total, trial(6)
    integer :: known(4), most_u, most_v, pass, setup
    logical :: is_over

    acc = fit_tolerance*grid%s
    most_u = grid%mu + 6 + grid%smooth_north + grid%smooth_south
    most_v = grid%mv + 7
    res%ier = fit_polynomial
    known = [grid%ider(1), 1, grid%ider(3), 1]
    res%dr = [res%poles(1), 0.0_wp, 0.0_wp, res%poles(2), 0.0_wp, 0.0_wp]
    res%step = spread
    res%nu = fewest_knots
    res%nv = fewest_knots
    nrdatu(1) = grid%mu - 2 + grid%smooth_north + grid%smooth_south
    nrdatv(1) = grid%mv - 1
    res%last_direction = 0
    res%last_rows = grid%mu

    do pass = 1, grid%mu + grid%mv
      call set_outer_knots(grid, res%nu, res%nv, tu, tv)
      if (res%nu > fewest_knots) call set_steps(grid, r, nrdatu, res)
      call fit_with(-1.0_wp, -1, res%dr)
      res%step = abs(res%step)
      if (res%ier == fit_polynomial) res%fp0 = res%fp
      if (abs(res%fp - grid%s) < acc) return
      if (res%fp - grid%s < 0) exit
      if (res%nu == most_u .and. res%nv == most_v) then
        res%ier = fit_knots_exhausted
        return
      end if
      call sum_up(res%dr, total)         ! only the interval sums are wanted here
      if (grid%ider(1) == 0) fpu(1) = fpu(1) + (res%poles(1) - res%dr(1))**2
      if (grid%ider(3) == 0) fpu(res%nu - 7) = fpu(res%nu - 7) + (res%poles(2) - res%dr(4))**2
      if (res%last_direction == 0) then
        known(2) = grid%ider(2)
        known(4) = grid%ider(4)
      end if
      call refine(grid, u, v, most_u, most_v, acc, tu, tv, fpu, fpv, nrdatu, nrdatv, res)
      if (res%ier == fit_no_interval) return
    end do

    if (res%ier == fit_polynomial) return
    call sum_up(res%dr, res%fp)
    if (abs(res%fp - grid%s) < acc) return
    if (res%fp - grid%s > 0) then
      res%ier = fit_p_impossible
      return
    end if
    search = start_search(res%fp0 - grid%s, res%fp - grid%s)
    trial = res%dr
    setup = 0
    do
      call fit_with(search%p, setup, trial)
      setup = 1
      call sum_up(trial, res%fp)
      call next_p(search, res%fp - grid%s, acc, res%ier, is_over)
      if (is_over) return
    end do

  contains

    subroutine fit_with(p, set, dr)
      real(wp), intent(in) :: p
      integer, intent(in) :: set
      real(wp), intent(inout) :: dr(6)
      type(sphere_knots) :: n

      n = sphere_knots(res%nu, res%nv, grid%smooth_north, grid%smooth_south)
      call fit_sphere_with_poles(u, grid%mu, v, grid%mv, r, res%poles, known, n, tu, tv, p, set, &
                                 res%step, dr, c, res%fp, ws)
    end subroutine fit_with

    subroutine sum_up(dr, sq)
      real(wp), intent(in) :: dr(6)
      real(wp), intent(out) :: sq

      call sum_residuals(grid%mu, grid%mv, r, res%nu, res%nv, c, ws%spu, ws%spv, ws%nru, ws%nrv, sq, fpu, fpv)
      sq = pole_residual(sq, dr, res%poles, grid%ider)
    end subroutine sum_up

  end subroutine smooth

  !> Knots outside the period and at the poles.
  pure subroutine set_outer_knots(grid, nu, nv, tu, tv)
    type(sphere_grid), intent(in) :: grid
    integer, intent(in) :: nu, nv
    real(wp), intent(inout) :: tu(nu), tv(nv)
    integer :: j

    tu(1:4) = 0
    tu(nu - 3:nu) = pi_of_knots
    tv(4) = grid%vb
    tv(nv - 3) = grid%ve
    do j = 1, 3                          ! in this order: with few knots one feeds the next
      tv(4 - j) = tv(nv - 3 - j) - two_pi_of_knots
      tv(nv - 3 + j) = tv(4 + j) + two_pi_of_knots
    end do
  end subroutine set_outer_knots

  !> Steps for the pole values: the range of the data in the interval next to each pole.
  pure subroutine set_steps(grid, r, nrdatu, res)
    type(sphere_grid), intent(in) :: grid
    real(wp), intent(in) :: r(grid%mv, grid%mu)
    integer, intent(in) :: nrdatu(*)
    type(sphere_result), intent(inout) :: res
    real(wp) :: bounds(2)
    integer :: rows

    rows = max(nrdatu(1) + 2 - grid%smooth_north, grid%fewest_rows)
    if (rows /= res%last_rows(1)) then
      bounds = range_with(res%poles, grid%mv*rows, r)
      res%step(1) = bounds(2) - bounds(1)
      res%last_rows(1) = rows
    end if
    rows = max(nrdatu(res%nu - 7) + 2 - grid%smooth_south, grid%fewest_rows)
    if (rows /= res%last_rows(2)) then
      bounds = range_with(res%poles, grid%mv*rows, r(1, grid%mu - rows + 1))
      res%step(2) = bounds(2) - bounds(1)
      res%last_rows(2) = rows
    end if
  end subroutine set_steps

  !> Add knots in u or in v.
  subroutine refine(grid, u, v, most_u, most_v, acc, tu, tv, fpu, fpv, nrdatu, nrdatv, res)
    type(sphere_grid), intent(in) :: grid
    real(wp), intent(in) :: u(*), v(*), acc
    integer, intent(in) :: most_u, most_v
    real(wp), intent(inout) :: tu(*), tv(*), fpu(*), fpv(*)
    integer, intent(inout) :: nrdatu(*), nrdatv(*)
    type(sphere_result), intent(inout) :: res
    integer :: i, nrint, plus_u, plus_v
    logical :: added, in_u

    res%ier = 0
    plus_u = 1
    plus_v = 3
    in_u = .false.
    if (res%last_direction < 0) res%gain_u = res%fpold - res%fp
    if (res%last_direction > 0) res%gain_v = res%fpold - res%fp
    if (res%last_direction /= 0) then
      if (res%nu /= fewest_knots) plus_u = knots_to_add(res%added_u, res%gain_u, acc, res%fp - grid%s)
      if (res%nv /= fewest_knots) plus_v = knots_to_add(res%added_v, res%gain_v, acc, res%fp - grid%s)
      in_u = plus_u < plus_v .or. (plus_u == plus_v .and. res%last_direction >= 0)
    end if
    res%fpold = res%fp

    added = .true.
    do
      if (in_u) then
        if (res%nu == most_u) then
          in_u = .false.
          cycle
        end if
        res%last_direction = min(res%last_direction, 0) - 1
        if (res%last_direction <= -5) then
          res%last_direction = -1
          plus_v = plus_v/2
          in_u = .false.
          cycle
        end if
        res%added_u = plus_u
        nrint = res%nu - 7
        do i = 1, plus_u
          call add_knot(u, tu, res%nu, fpu, nrdatu, nrint, added)
          if (res%nu == most_u .or. .not. added) exit
        end do
      else
        if (res%nv == most_v) then
          in_u = .true.
          cycle
        end if
        res%last_direction = max(res%last_direction, 0) + 1
        if (res%last_direction >= 5) then
          res%last_direction = 1
          plus_u = plus_u/2
          in_u = .true.
          cycle
        end if
        res%added_v = plus_v
        nrint = res%nv - 7
        do i = 1, plus_v
          call add_knot(v, tv, res%nv, fpv, nrdatv, nrint, added)
          if (res%nv == most_v .or. .not. added) exit
        end do
      end if
      exit
    end do
    if (.not. added) res%ier = fit_no_interval
  end subroutine refine

end module sphere_fit
