!> Where and how many knots are added while a smoothing spline is sought.
!!
!! Source: specification 03, sections 3.5, 8 and 11 (Dierckx 1982, section 3). Parity: bitwise.
module knot_placement
  use kinds, only: wp
  implicit none
  private
  public :: add_knot, knots_to_add

contains

  !> Add one knot in the interval with the largest residual (nknot).
  pure subroutine add_knot(x, t, n, fpint, nrdata, nrint, added)
    real(wp), intent(in) :: x(*)         !< data abscissae
    real(wp), intent(inout) :: t(*)      !< knots
    integer, intent(inout) :: n          !< number of knots
    real(wp), intent(inout) :: fpint(*)  !< residual per interval
    integer, intent(inout) :: nrdata(*)  !< data points inside each interval
    integer, intent(inout) :: nrint      !< number of intervals
    logical, intent(out) :: added        !< false: no interval holds data (undefined in the original)
    real(wp) :: largest
    integer :: ih, j, jb, k, mb, mp, nrx, num

    k = (n - nrint - 1)/2
    largest = 0
    jb = 1
    num = 0
    mp = 0
    mb = 0
    do j = 1, nrint
      if (.not. (largest >= fpint(j) .or. nrdata(j) == 0)) then
        largest = fpint(j)
        num = j
        mp = nrdata(j)
        mb = jb
      end if
      jb = jb + nrdata(j) + 1
    end do
    added = num > 0
    if (.not. added) return
    ih = mp/2 + 1
    nrx = mb + ih
    do j = nrint, num + 1, -1
      fpint(j + 1) = fpint(j)
      nrdata(j + 1) = nrdata(j)
      t(j + k + 1) = t(j + k)
    end do
    nrdata(num) = ih - 1
    nrdata(num + 1) = mp - ih
    fpint(num) = largest*nrdata(num)/mp
    fpint(num + 1) = largest*nrdata(num + 1)/mp
    t(num + 1 + k) = x(nrx)
    n = n + 1
    nrint = nrint + 1
  end subroutine add_knot

  !> Number of knots for the next pass, from what the last ones gained.
  pure integer function knots_to_add(last, gain, enough, excess)
    integer, intent(in) :: last          !< knots added the last time
    real(wp), intent(in) :: gain         !< residual removed by them
    real(wp), intent(in) :: enough       !< smallest gain that is extrapolated from
    real(wp), intent(in) :: excess       !< residual still too many
    integer :: wanted

    wanted = last*2
    if (gain > enough) wanted = truncated((last*excess)/gain)
    knots_to_add = min(last*2, max(wanted, last/2, 1))
  end function knots_to_add

  !> int() with the result of x86 for values out of range, which the standard leaves open.
  pure integer function truncated(a)
    real(wp), intent(in) :: a

    if (abs(a) < 2147483648.0_wp) then
      truncated = int(a)
    else
      truncated = not(huge(0))            ! -2147483648
    end if
  end function truncated

end module knot_placement
