!> Constants of the fits.
!!
!! The original's literals are single precision and then widened; the same is done here, once.
!! Source: specification 03, section 2.
module constants
  use kinds, only: wp, sp
  implicit none
  private

  integer, parameter, public :: degree = 3          !< in both directions
  integer, parameter, public :: order = degree + 1
  integer, parameter, public :: fewest_knots = 2*order
  integer, parameter, public :: most_p_steps = 100

  real(wp), parameter, public :: fit_tolerance = real(0.1_sp, wp)              !< relative, for f(p) = s
  real(wp), parameter, public :: rectangle_interpolates = real(0.01_sp, wp)    !< s up to here means interpolation
  real(wp), parameter, public :: sphere_interpolates = real(0.001_sp, wp)      !< s below this means interpolation
  real(wp), parameter, public :: p_reduction = real(0.1e-02_sp, wp)
  real(wp), parameter, public :: p_growth = real(0.1e+04_sp, wp)
  real(wp), parameter, public :: pi_of_knots = real(3.14159265358979_sp, wp)   !< float32 pi: knots on the sphere
  real(wp), parameter, public :: two_pi_of_knots = 2*pi_of_knots
  real(wp), parameter, public :: end_tolerance = 1.0e-10_wp                    !< bisp, a true double

end module constants
