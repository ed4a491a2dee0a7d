!> Pole values of the planned interpolation on the sphere: all shifted fits at once.
!!
!! The quadratic in the unknown pole values is found from residual sums with one or two of them shifted (sphere_poles).
!! In the coarse fit every row along v fills one row of its triangle and leaves no residual, so the sums come from the
!! sweep along u alone. The shifted fits are lanes of that sweep: first one lane for every shift at the north pole; where
!! the rows near the south pole begin, one for every pair of shifts. Every sum runs in its own order.
!! Parity: bitwise, equal to sphere_poles.
module sphere_pole_plan
  use kinds, only: wp
  use lane_kernels, only: padding, sweep
  use sphere_given_knots, only: pole_coefficients, at_points
  use sphere_plan, only: u_plan, planned_sphere, slots
  use sphere_poles, only: find_unknowns, improve_poles
  implicit none
  private
  public :: find_poles, pole_reals, spread_of
  real(wp), parameter :: largest_sum = 1.0e100_wp   !< beyond it squares may overflow

  integer, parameter :: most_of_pole = 10   !< shifts at one pole: none, three up, three down, three pairs
  integer, parameter :: most_pairs = 28     !< shifted fits in all

  !> The shifted fits: pole values of each, and which shift at the north pole it takes.
  type :: shifted_fits
    integer :: of_north = 1, all = 1
    real(wp) :: north(3, most_of_pole) = 0
    real(wp) :: south(3, most_pairs) = 0
    integer :: north_of(most_pairs) = 1
    integer :: plus(6) = 0, minus(6) = 0, both(6, 6) = 0
  end type shifted_fits

contains

  !> Number of reals of work.
  pure integer function pole_reals(mv)
    integer, intent(in) :: mv

    pole_reals = mv*(most_of_pole*(slots + 3) + most_pairs*(slots + 3) + 1) + mv + 3 + 2*padding
  end function pole_reals

  !> Range of the data, and whether all are finite and of a size that squares and sums stand.
  pure subroutine spread_of(poles, n, r, spread, is_finite)
    real(wp), intent(in) :: poles(2)
    integer, intent(in) :: n
    real(wp), intent(in) :: r(n)
    real(wp), intent(out) :: spread
    integer, intent(out) :: is_finite
    integer, parameter :: lanes = 8
    real(wp) :: bounds(2), high(lanes), low(lanes), total(lanes)
    integer :: k, l

    low = poles(1)                       ! whichever is larger, as in sphere_fit
    high = poles(2)
    total = 0
    do k = 0, n - lanes, lanes
      do l = 1, lanes
        low(l) = merge(r(k + l), low(l), r(k + l) < low(l))
        high(l) = merge(r(k + l), high(l), r(k + l) > high(l))
        total(l) = total(l) + abs(r(k + l))
      end do
    end do
    do k = n - mod(n, lanes) + 1, n
      if (r(k) < low(1)) low(1) = r(k)
      if (r(k) > high(1)) high(1) = r(k)
      total(1) = total(1) + abs(r(k))
    end do
    bounds = [low(1), high(1)]
    do l = 2, lanes
      if (low(l) < bounds(1)) bounds(1) = low(l)
      if (high(l) > bounds(2)) bounds(2) = high(l)
      total(1) = total(1) + total(l)
    end do
    spread = bounds(2) - bounds(1)
    is_finite = merge(1, 0, total(1) + abs(poles(1)) + abs(poles(2)) < largest_sum)
  end subroutine spread_of

  !> Replace the first guess dr by the optimum.
  subroutine find_poles(plan, r, known, step, dr, work)
    type(planned_sphere), intent(in) :: plan
    real(wp), intent(in) :: r(plan%grid%mv, plan%grid%mu)
    integer, intent(in) :: known(4)
    real(wp), intent(in) :: step(2)
    real(wp), intent(inout) :: dr(6)
    real(wp), intent(inout) :: work(*)
    type(shifted_fits) :: fits
    real(wp) :: both(6, 6), delta(6), minus(6), plus(6), sums(most_pairs)
    integer :: i, j, number, which(6)

    call find_unknowns(known, plan%coarse%n, plan%tu_coarse, step, number, which, delta)
    fits = all_shifts(dr, number, which, delta)
    call sum_residuals_of(plan, r, fits, sums, work)
    if (sums(1) <= 0) return
    if (step(1) <= 0 .and. step(2) <= 0) return
    if (number == 0) return
    do i = 1, number
      plus(i) = sums(fits%plus(i))
      minus(i) = sums(fits%minus(i))
      do j = 1, i - 1
        both(i, j) = sums(fits%both(i, j))
      end do
    end do
    call improve_poles(number, which, delta, sums(1), plus, minus, both, dr)
  end subroutine find_poles

  !> Every fit with no, one or two unknowns shifted.
  type(shifted_fits) function all_shifts(dr, number, which, delta) result(fits)
    real(wp), intent(in) :: dr(6), delta(6)
    integer, intent(in) :: number, which(6)
    real(wp) :: trial(6)
    integer :: i, j

    fits%north(:, 1) = dr(1:3)
    fits%south(:, 1) = dr(4:6)
    do i = 1, number
      trial = dr
      trial(which(i)) = dr(which(i)) + delta(i)
      call add_fit(fits, trial, which(i) <= 3, 1, fits%plus(i))
      trial(which(i)) = dr(which(i)) - delta(i)
      call add_fit(fits, trial, which(i) <= 3, 1, fits%minus(i))
    end do
    do i = 2, number
      do j = 1, i - 1                    ! which(j) < which(i)
        trial = dr
        trial(which(i)) = dr(which(i)) + delta(i)
        trial(which(j)) = dr(which(j)) + delta(j)
        call add_fit(fits, trial, which(i) <= 3, fits%north_of(fits%plus(j)), fits%both(i, j))
      end do
    end do
  end function all_shifts

  !> One more fit, with a new shift at the north pole or with one that exists.
  subroutine add_fit(fits, dr, has_new_north, north, fit)
    type(shifted_fits), intent(inout) :: fits
    real(wp), intent(in) :: dr(6)
    logical, intent(in) :: has_new_north
    integer, intent(in) :: north
    integer, intent(out) :: fit

    fits%all = fits%all + 1
    fit = fits%all
    fits%south(:, fit) = dr(4:6)
    fits%north_of(fit) = north
    if (.not. has_new_north) return
    fits%of_north = fits%of_north + 1
    fits%north(:, fits%of_north) = dr(1:3)
    fits%north_of(fit) = fits%of_north
  end subroutine add_fit

  !> Residual sums of all fits.
  subroutine sum_residuals_of(plan, r, fits, sums, work)
    type(planned_sphere), intent(in) :: plan
    real(wp), intent(in) :: r(plan%grid%mv, plan%grid%mu)
    type(shifted_fits), intent(in) :: fits
    real(wp), intent(out) :: sums(most_pairs)
    real(wp), intent(inout) :: work(*)
    integer :: a0, a1, all_ring, all_row, column, first_south, mv, north_ring, north_row, nu

    mv = plan%grid%mv
    north_ring = 1
    north_row = north_ring + fits%of_north*mv*slots
    a0 = north_row + fits%of_north*mv + padding
    all_ring = a0 + fits%of_north*mv*2
    all_row = all_ring + fits%all*mv*slots
    a1 = all_row + fits%all*mv + padding
    column = a1 + fits%all*mv*2
    sums = 0
    nu = plan%coarse%n%nu
    call pole_lanes(plan, fits%of_north, fits%north, plan%grid%smooth_north, &
                    (plan%tu_coarse(5) - plan%tu_coarse(4))/3, work(a0), work(column), work(column + mv))
    call pole_lanes(plan, fits%all, fits%south, plan%grid%smooth_south, &
                    (plan%tu_coarse(nu - 4) - plan%tu_coarse(nu - 3))/3, work(a1), work(column), work(column + mv))
    first_south = 1
    do while (plan%coarse%share(3, first_south) == 0)
      first_south = first_south + 1
    end do
    call sweep_lanes(plan%coarse, 1, first_south - 1, 0, mv, fits%of_north, r, work(a0), work(north_ring), &
                     work(north_row), sums)
    call copy_to_all(fits, mv, work(north_ring), work(all_ring), sums)
    call sweep_lanes(plan%coarse, first_south, plan%grid%mu, 2, mv, fits%all, r, work(a1), work(all_ring), &
                     work(all_row), sums)
  end subroutine sum_residuals_of

  !> Pole terms at the data longitudes, one lane for every fit.
  subroutine pole_lanes(plan, n, values, is_smooth, fac, terms, column, coefficients)
    type(planned_sphere), intent(in) :: plan
    integer, intent(in) :: n, is_smooth
    real(wp), intent(in) :: values(3, n), fac
    real(wp), intent(inout) :: terms(n, plan%grid%mv, 2)
    real(wp), intent(inout) :: column(plan%grid%mv), coefficients(plan%grid%mv + 3)
    integer :: k, mv

    mv = plan%grid%mv
    do k = 1, n
      terms(k, :, 1) = values(1, k)
      if (is_smooth == 0) cycle
      call pole_coefficients(values(:, k), fac, mv + 3, plan%cosine, coefficients)
      call at_points(coefficients, mv, plan%nrv, plan%spv, column)
      terms(k, :, 2) = column
    end do
  end subroutine pole_lanes

  !> Rows first..last of the coarse sweep for n fits, which are the fastest lanes.
  subroutine sweep_lanes(coarse, first, last, pole, mv, n, r, terms, ring, row, sums)
    type(u_plan), intent(in) :: coarse
    integer, intent(in) :: first, last, mv, n
    integer, intent(in) :: pole          !< 0: terms are those of the north pole, 2: of the south pole
    real(wp), intent(in) :: r(mv, *), terms(n, mv, 2)
    real(wp), intent(inout) :: ring(n*mv, slots)
    real(wp), intent(inout) :: row(n*mv + padding), sums(n)

    call sweep(coarse%rows%level, first, last, mv, n, slots, coarse%rows%start, coarse%rows%row, coarse%rows%coefficients, &
               coarse%rows%weight, coarse%share, coarse%factors, pole, r, terms, ring, row, sums)
  end subroutine sweep_lanes

  !> From one lane for every shift at the north pole to one for every fit.
  pure subroutine copy_to_all(fits, mv, of_north, all, sums)
    type(shifted_fits), intent(in) :: fits
    integer, intent(in) :: mv
    real(wp), intent(in) :: of_north(fits%of_north, mv*slots)
    real(wp), intent(inout) :: all(fits%all, mv*slots), sums(most_pairs)
    integer :: j, k

    do j = 1, mv*slots
      do k = 1, fits%all
        all(k, j) = of_north(fits%north_of(k), j)
      end do
    end do
    sums(1:fits%all) = [(sums(fits%north_of(k)), k=1, fits%all)]
  end subroutine copy_to_all

end module sphere_pole_plan
