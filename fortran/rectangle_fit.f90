!> Smoothing or interpolating bicubic spline on a rectangular grid: choice of knots and of p (smoopy).
!!
!! References: Dierckx (1982) SIAM J. Numer. Anal. 19, 1286-1304; Dierckx (1980) report TW53, K.U.Leuven.
!! Written anew from specification 03, section 8. Parity: bitwise.
module rectangle_fit
  use kinds, only: wp
  use constants, only: fewest_knots, fit_tolerance, rectangle_interpolates
  use status
  use rectangle_given_knots, only: buffer_layout, layout_of, fit_given_knots
  use residual_sums, only: sum_residuals
  use knot_placement, only: add_knot, knots_to_add
  use smoothing_parameter, only: p_search, start_search, next_p
  implicit none
  private
  public :: fit_in_work, knots_of_interpolation

  !> What the original keeps from one fit to the next; reported, never read back.
  type :: history
    real(wp) :: fp0 = 0                  !< residual of the least-squares polynomial
    real(wp) :: fpold = 0, gain_x = 0, gain_y = 0
    integer :: added_x = 0, added_y = 0  !< knots added in the last step
    integer :: last_direction = 0        !< -1 x, 1 y, 0 none yet
  end type history

contains

  !> Not-a-knot knots of the interpolating spline in one direction.
  pure subroutine knots_of_interpolation(x, m, first, last, t)
    integer, intent(in) :: m
    real(wp), intent(in) :: x(m), first, last
    real(wp), intent(inout) :: t(m + 4)

    t(5:m) = x(3:m - 2)
    call set_ends(first, last, m + 4, t)
  end subroutine knots_of_interpolation

  pure subroutine set_ends(first, last, n, t)
    integer, intent(in) :: n
    real(wp), intent(in) :: first, last
    real(wp), intent(inout) :: t(n)

    t(1:4) = first
    t(n - 3:n) = last
  end subroutine set_ends

  !> fit_rectangle with its work arrays in two long ones.
  subroutine fit_in_work(x, mx, y, my, z, limits, s, compat, tx, ty, c, numbers, sums, nrdatx, nrdaty, reals, integers)
    integer, intent(in) :: mx, my
    real(wp), intent(in) :: x(mx), y(my), z(my, mx), limits(4), s
    logical, intent(in) :: compat
    real(wp), intent(inout) :: tx(*), ty(*), c(*), reals(*)
    integer, intent(inout) :: nrdatx(mx + 4), nrdaty(my + 4), integers(*)
    integer, intent(out) :: numbers(6)     !< nx, ny, flag, knots added last in x and y, direction
    real(wp), intent(out) :: sums(5)       !< fp, fp0, fpold, gain in x and y
    type(history) :: saved
    integer :: spy, fpx, fpy, w

    spy = 1 + 4*mx
    fpx = spy + 4*my
    fpy = fpx + mx + 4
    w = fpy + my + 4
    call fit_rectangle(x, mx, y, my, z, limits, s, compat, tx, numbers(1), ty, numbers(2), c, sums(1), numbers(3), &
                       saved, reals, reals(spy), integers, integers(1 + mx), reals(fpx), reals(fpy), nrdatx, nrdaty, reals(w))
    numbers(4:6) = [saved%added_x, saved%added_y, saved%last_direction]
    sums(2:5) = [saved%fp0, saved%fpold, saved%gain_x, saved%gain_y]
  end subroutine fit_in_work

  !> Fit z on x * y within the limits.
  subroutine fit_rectangle(x, mx, y, my, z, limits, s, compat, tx, nx, ty, ny, c, fp, ier, saved, &
                           spx, spy, nrx, nry, fpx, fpy, nrdatx, nrdaty, w)
    integer, intent(in) :: mx, my                  !< at least 4
    real(wp), intent(in) :: x(mx), y(my)           !< strictly ascending
    real(wp), intent(in) :: z(my, mx)              !< data, y fastest
    real(wp), intent(in) :: limits(4)              !< xb, xe, yb, ye
    real(wp), intent(in) :: s                      !< >= 0, wanted sum of squared residuals
    logical, intent(in) :: compat                  !< the original's overlapping work arrays, see rectangle_given_knots
    real(wp), intent(inout) :: tx(mx + 4), ty(my + 4)
    integer, intent(out) :: nx, ny                 !< knots in use
    real(wp), intent(inout) :: c(mx*my)            !< the first (nx-4)*(ny-4) are set, y fastest
    real(wp), intent(out) :: fp                    !< sum of squared residuals
    integer, intent(out) :: ier                    !< see module status
    type(history), intent(inout) :: saved
    real(wp), intent(inout) :: spx(mx, 4), spy(my, 4), fpx(mx + 4), fpy(my + 4), w(*)   ! work
    integer, intent(inout) :: nrx(mx), nry(my), nrdatx(mx + 4), nrdaty(my + 4)          ! work
    type(buffer_layout) :: at
    type(p_search) :: search
    real(wp) :: acc
    logical :: is_over
    integer :: pass

    ier = fit_converged
    acc = fit_tolerance*s
    if (.not. (s > rectangle_interpolates)) then
      nx = mx + 4
      ny = my + 4
      call knots_of_interpolation(x, mx, limits(1), limits(2), tx)
      call knots_of_interpolation(y, my, limits(3), limits(4), ty)
    else
      nx = fewest_knots
      ny = fewest_knots
      nrdatx(1) = mx - 2
      nrdaty(1) = my - 2
      saved%last_direction = 0
    end if

    do pass = 1, mx + my
      if (nx == fewest_knots .and. ny == fewest_knots) ier = fit_polynomial
      call set_ends(limits(1), limits(2), nx, tx)
      call set_ends(limits(3), limits(4), ny, ty)
      call fit_and_sum(-1.0_wp, -1)
      if (ier == fit_polynomial) saved%fp0 = fp
      if (nx == mx + 4 .and. ny == my + 4) then
        ier = fit_interpolates
        return
      end if
      if (abs(fp - s) < acc) return
      if (fp - s < 0) exit
      ier = fit_converged
      call add_knots(is_over)
      if (is_over) return
    end do

    if (ier == fit_polynomial) return
    search = start_search(saved%fp0 - s, fp - s)
    pass = 0
    do
      call fit_and_sum(search%p, pass)
      pass = 1
      call next_p(search, fp - s, acc, ier, is_over)
      if (is_over) return
    end do

  contains

    !> Fit with the present knots and sum the residuals.
    subroutine fit_and_sum(p, setup)
      real(wp), intent(in) :: p
      integer, intent(in) :: setup
      integer :: ncof

      at = layout_of(my, nx, ny, compat)
      call fit_given_knots(x, mx, y, my, z, tx, nx, ty, ny, p, setup, spx, spy, nrx, nry, at, w)
      ncof = (nx - 4)*(ny - 4)
      c(1:ncof) = w(at%c + 1:at%c + ncof)
      call sum_residuals(mx, my, z, nx, ny, c, spx, spy, nrx, nry, fp, fpx, fpy)
    end subroutine fit_and_sum

    !> Add knots in the direction of the larger interval residual.
    subroutine add_knots(has_failed)
      logical, intent(out) :: has_failed
      real(wp) :: largest_x, largest_y
      integer :: i, nrint
      logical :: added

      has_failed = .false.
      largest_x = 0
      do i = 1, nx - 7
        if (fpx(i) > largest_x) largest_x = fpx(i)
      end do
      largest_y = 0
      do i = 1, ny - 7
        if (fpy(i) > largest_y) largest_y = fpy(i)
      end do
      if (saved%last_direction < 0) saved%gain_x = saved%fpold - fp
      if (saved%last_direction > 0) saved%gain_y = saved%fpold - fp
      saved%fpold = fp
      if ((largest_x < largest_y .and. ny < my + 4) .or. nx == mx + 4) then
        if (ny > fewest_knots) then
          saved%added_y = knots_to_add(saved%added_y, saved%gain_y, acc, fp - s)
        else
          saved%added_y = 1
        end if
        saved%last_direction = 1
        nrint = ny - 7
        do i = 1, saved%added_y
          call add_knot(y, ty, ny, fpy, nrdaty, nrint, added)
          has_failed = .not. added
          if (ny == my + 4 .or. has_failed) exit
        end do
      else
        if (nx > fewest_knots) then
          saved%added_x = knots_to_add(saved%added_x, saved%gain_x, acc, fp - s)
        else
          saved%added_x = 1
        end if
        saved%last_direction = -1
        nrint = nx - 7
        do i = 1, saved%added_x
          call add_knot(x, tx, nx, fpx, nrdatx, nrint, added)
          has_failed = .not. added
          if (nx == mx + 4 .or. has_failed) exit
        end do
      end if
      if (has_failed) ier = fit_no_interval
    end subroutine add_knots

  end subroutine fit_rectangle

end module rectangle_fit
