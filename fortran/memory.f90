!> What happens when there is no memory for work arrays.
!!
!! Every allocate of the modules that are shipped has a stat and hands it on: without one, and where an assignment
!! allocates, gfortran calls its run-time library, which the modules do without (tools/packages.sh checks it), so that
!! wheels carry no library.
module memory
  implicit none
  private
  public :: must_be_allocated

  interface
    subroutine out_of_memory() bind(c, name='stormtrack_out_of_memory')
    end subroutine out_of_memory
  end interface

contains

  !> End the program, as gfortran's library does, if an allocation has failed.
  subroutine must_be_allocated(stat)
    integer, intent(in) :: stat    !< of allocate

    if (stat /= 0) call out_of_memory()
  end subroutine must_be_allocated

end module memory
