!> Status flags of the fits and of the optimiser. stormtrack/splines/flags.py holds the sentences.
module status
  implicit none
  private

  integer, parameter, public :: fit_polynomial = -2      !< least-squares polynomial accepted
  integer, parameter, public :: fit_interpolates = -1
  integer, parameter, public :: fit_converged = 0
  integer, parameter, public :: fit_knots_exhausted = 1
  integer, parameter, public :: fit_p_impossible = 2     !< f(p) is not monotonic where it has to be
  integer, parameter, public :: fit_p_not_found = 3      !< too many iterations for p
  integer, parameter, public :: fit_no_interval = 30     !< no interval can take a knot (undefined in the original)

  integer, parameter, public :: opt_converged = 0
  integer, parameter, public :: opt_no_ascent = 2
  integer, parameter, public :: opt_decreased = 3
  integer, parameter, public :: opt_not_converged = 4
  integer, parameter, public :: opt_dependent = 5        !< dependent equality constraints (the original stops)
  integer, parameter, public :: opt_endless = 6          !< a loop that does not end (nor does it in the original)

end module status
