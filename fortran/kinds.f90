!> Kinds, named once.
module kinds
  use, intrinsic :: iso_fortran_env, only: wp => real64, sp => real32
  implicit none
  private
  public :: wp, sp
end module kinds
