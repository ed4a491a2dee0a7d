!> Search of the smoothing parameter p with f(p) = s.
!!
!! Source: specification 03, sections 3.6 and 8, part 2 (Dierckx 1982, section 4). Parity: bitwise.
module smoothing_parameter
  use kinds, only: wp
  use constants, only: p_reduction, p_growth, most_p_steps
  use status, only: fit_p_impossible, fit_p_not_found
  implicit none
  private
  public :: p_search, start_search, next_p, rational_zero

  !> State of the search: f(p1) > 0 > f(p3); p3 < 0 stands for infinity.
  type :: p_search
    real(wp) :: p = 0, p1 = 0, f1 = 0, p3 = -1, f3 = 0
    integer :: steps = 0
    logical :: is_bracketed = .false.
  end type p_search

contains

  !> Zero of the rational function (u*p + v)/(p + w) through three points; replaces one of the outer ones (ration).
  pure subroutine rational_zero(p1, f1, p2, f2, p3, f3, p)
    real(wp), intent(inout) :: p1, f1, p3, f3
    real(wp), intent(in) :: p2, f2
    real(wp), intent(out) :: p
    real(wp) :: h1, h2, h3

    if (p3 > 0) then
      h1 = f1*(f2 - f3)
      h2 = f2*(f3 - f1)
      h3 = f3*(f1 - f2)
      p = -(p1*p2*h3 + p2*p3*h1 + p3*p1*h2)/(p1*h1 + p2*h2 + p3*h3)
    else
      p = (p1*(f1 - f3)*f2 - p2*(f2 - f3)*f1)/((f1 - f2)*f3)
    end if
    if (f2 < 0) then
      p3 = p2
      f3 = f2
    else
      p1 = p2
      f1 = f2
    end if
  end subroutine rational_zero

  !> Begin between the polynomial (p = 0) and least squares with the present knots (p infinite).
  pure type(p_search) function start_search(at_zero, at_infinity) result(search)
    real(wp), intent(in) :: at_zero, at_infinity   !< residual sum minus s

    search%f1 = at_zero
    search%f3 = at_infinity
    search%p = -at_zero/at_infinity
  end function start_search

  !> Take f(p) of the present p; either the search is over or p becomes the next trial.
  pure subroutine next_p(search, f, acc, ier, is_over)
    type(p_search), intent(inout) :: search
    real(wp), intent(in) :: f            !< residual sum at p minus s
    real(wp), intent(in) :: acc          !< accepted absolute difference
    integer, intent(inout) :: ier        !< set when the search fails
    logical, intent(out) :: is_over
    real(wp) :: p2, f2

    is_over = .true.
    search%steps = search%steps + 1
    if (abs(f) < acc) return
    if (search%steps == most_p_steps) then
      ier = fit_p_not_found
      return
    end if
    is_over = .false.
    p2 = search%p
    f2 = f
    if (.not. search%is_bracketed) then
      if (.not. (f2 - search%f3 > acc)) then   ! p is too large
        search%p = search%p*p_reduction
        search%p3 = p2
        search%f3 = f2
        return
      end if
      if (.not. (search%f1 - f2 > acc)) then   ! p is too small
        search%p = search%p*p_growth
        search%p1 = p2
        search%f1 = f2
        return
      end if
    end if
    if (f2 >= search%f1 .or. f2 <= search%f3) then
      ier = fit_p_impossible
      is_over = .true.
      return
    end if
    search%is_bracketed = .true.
    call rational_zero(search%p1, search%f1, p2, f2, search%p3, search%f3, search%p)
  end subroutine next_p

end module smoothing_parameter
