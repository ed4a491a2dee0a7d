!> Fit on the sphere with the unknown pole values and derivatives chosen to minimise the residual (optsph).
!!
!! The residual is quadratic in the unknowns, so finite differences give the quadratic exactly.
!! Written anew from specification 03, section 10. Parity: bitwise.
module sphere_poles
  use kinds, only: wp
  use small_systems, only: solve_symmetric
  use sphere_given_knots, only: sphere_knots, fit_sphere_given_knots
  use sphere_workspace, only: workspace
  implicit none
  private
  public :: fit_sphere_with_poles, find_unknowns, improve_poles, pole_residual

contains

  !> Fit; dr comes in as a first guess and goes out as the optimum.
  subroutine fit_sphere_with_poles(u, mu, v, mv, r, poles, known, n, tu, tv, p, setup, step, dr, c, sq, ws)
    integer, intent(in) :: mu, mv
    real(wp), intent(in) :: u(mu), v(mv), r(mv, mu)
    real(wp), intent(in) :: poles(2)     !< data at u = 0 and u = pi
    integer, intent(in) :: known(4)      !< see find_unknowns
    type(sphere_knots), intent(in) :: n
    real(wp), intent(in) :: tu(n%nu), tv(n%nv), p
    integer, intent(in) :: setup
    real(wp), intent(in) :: step(2)      !< for the finite differences
    real(wp), intent(inout) :: dr(6)
    real(wp), intent(inout) :: c(n%nv - 4, n%nu - 4)
    real(wp), intent(out) :: sq
    type(workspace), intent(inout) :: ws
    real(wp) :: both(6, 6), delta(6), minus(6), plus(6), trial(6)
    integer :: i, j, number, which(6)

    call fit_sphere_given_knots(u, mu, v, mv, r, dr, n, tu, tv, p, setup, .false., c, sq, ws)
    sq = pole_residual(sq, dr, poles, known)
    if (sq <= 0) return
    if (step(1) <= 0 .and. step(2) <= 0) return
    call find_unknowns(known, n, tu, step, number, which, delta)
    if (number == 0) return

    do i = 1, number
      plus(i) = sum_with([i], [delta(i)])
      minus(i) = sum_with([i], [-delta(i)])
      do j = 1, i - 1
        both(i, j) = sum_with([i, j], [delta(i), delta(j)])
      end do
    end do
    call improve_poles(number, which, delta, sq, plus, minus, both, dr)
    call fit_sphere_given_knots(u, mu, v, mv, r, dr, n, tu, tv, p, setup, .false., c, sq, ws)
    sq = pole_residual(sq, dr, poles, known)

  contains

    !> Residual with some unknowns shifted.
    real(wp) function sum_with(unknowns, shifts) result(total)
      integer, intent(in) :: unknowns(:)
      real(wp), intent(in) :: shifts(:)
      integer :: k

      trial = dr
      do k = 1, size(unknowns)
        trial(which(unknowns(k))) = dr(which(unknowns(k))) + shifts(k)
      end do
      call fit_sphere_given_knots(u, mu, v, mv, r, trial, n, tu, tv, p, 1, .true., c, total, ws)
      total = pole_residual(total, trial, poles, known)
    end function sum_with

  end subroutine fit_sphere_with_poles

  !> Minimum of the quadratic through the residual sums; dr stays when the sums are not those of a minimum.
  pure subroutine improve_poles(number, which, delta, sq, plus, minus, both, dr)
    integer, intent(in) :: number, which(6)
    real(wp), intent(in) :: delta(6)
    real(wp), intent(in) :: sq           !< residual sum at dr
    real(wp), intent(in) :: plus(6), minus(6)   !< with one unknown shifted by +delta, by -delta
    real(wp), intent(in) :: both(6, 6)   !< with two shifted by +delta, lower triangle
    real(wp), intent(inout) :: dr(6)
    real(wp) :: a(6, 6), g(6)
    integer :: i, j

    a = 0
    g = 0
    do i = 1, number
      a(i, i) = ((plus(i) + minus(i)) - 2*sq)/delta(i)**2
      if (a(i, i) <= 0) return
      g(i) = (minus(i) - plus(i))/(delta(i) + delta(i))
    end do
    do i = 2, number
      do j = 1, i - 1
        a(i, j) = (((sq + both(i, j)) - plus(i)) - plus(j))/(delta(i)*delta(j))
      end do
    end do
    call solve_symmetric(a, number, g)
    do i = 1, number
      dr(which(i)) = dr(which(i)) + g(i)
    end do
  end subroutine improve_poles

  !> The weighted sum with the residuals at the poles that have data.
  pure real(wp) function pole_residual(sq, dr, poles, known) result(total)
    real(wp), intent(in) :: sq, dr(6), poles(2)
    integer, intent(in) :: known(4)
    real(wp) :: sq0, sq1

    sq0 = 0
    sq1 = 0
    if (known(1) == 0) sq0 = (poles(1) - dr(1))**2
    if (known(3) == 0) sq1 = (poles(2) - dr(4))**2
    total = sq + sq0 + sq1
  end function pole_residual

  !> Which of the six pole quantities are unknown, and the steps to vary them by.
  subroutine find_unknowns(known, n, tu, step, number, which, delta)
    integer, intent(in) :: known(4)      !< value (1, 3): <= 0 unknown; derivatives (2, 4): 0 unknown
    type(sphere_knots), intent(in) :: n
    real(wp), intent(in) :: tu(n%nu), step(2)
    integer, intent(out) :: number, which(6)
    real(wp), intent(out) :: delta(6)

    number = 0
    which = 0
    delta = 0
    if (known(1) <= 0) call append(1, step(1))
    if (n%smooth_north == 1 .and. known(2) == 0) then
      call append(2, (step(1)*3)/(tu(5) - tu(4)))
      call append(3, (step(1)*3)/(tu(5) - tu(4)))
    end if
    if (known(3) <= 0) call append(4, step(2))
    if (n%smooth_south == 1 .and. known(4) == 0) then
      call append(5, (step(2)*3)/(tu(n%nu) - tu(n%nu - 4)))
      call append(6, (step(2)*3)/(tu(n%nu) - tu(n%nu - 4)))
    end if

  contains

    subroutine append(quantity, by)
      integer, intent(in) :: quantity
      real(wp), intent(in) :: by

      number = number + 1
      which(number) = quantity
      delta(number) = by
    end subroutine append

  end subroutine find_unknowns

end module sphere_poles
