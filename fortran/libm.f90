!> cos, sin and acos of the C library, one argument at a time.
!!
!! The Fortran intrinsics may be vectorised into another library with other last bits: gfortran -O3 takes glibc's
!! libmvec, even without -ffast-math. Source: specification 03, section 1.
module libm
  use, intrinsic :: iso_c_binding, only: c_double
  implicit none
  private
  public :: acos_of, cos_of, sin_of

  interface
    pure real(c_double) function cos_of(x) bind(c, name="cos")
      import :: c_double
      real(c_double), intent(in), value :: x
    end function cos_of

    pure real(c_double) function sin_of(x) bind(c, name="sin")
      import :: c_double
      real(c_double), intent(in), value :: x
    end function sin_of

    pure real(c_double) function acos_of(x) bind(c, name="acos")
      import :: c_double
      real(c_double), intent(in), value :: x
    end function acos_of
  end interface

end module libm
