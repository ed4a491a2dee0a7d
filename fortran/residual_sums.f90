!> Residual sums of a fit, in all and per knot interval (sqgrid).
!!
!! Source: specification 03, section 6. Parity: bitwise; the order of every sum is part of it.
module residual_sums
  use kinds, only: wp
  implicit none
  private
  public :: sum_residuals

contains

  !> Sum of squared residuals; a point that opens an interval counts half for the interval before.
  pure subroutine sum_residuals(mx, my, z, nx, ny, c, spx, spy, nrx, nry, sq, fpx, fpy)
    integer, intent(in) :: mx, my, nx, ny
    real(wp), intent(in) :: z(my, mx)                !< data, y fastest
    real(wp), intent(in) :: c(ny - 4, nx - 4)        !< coefficients, y fastest
    real(wp), intent(in) :: spx(mx, 4), spy(my, 4)   !< basis values at the data
    integer, intent(in) :: nrx(mx), nry(my)          !< interior knots left of the data
    real(wp), intent(out) :: sq, fpx(nx), fpy(ny)
    real(wp) :: e, f, half, s
    integer :: i, j, l1, l2, nox, noy, ux, uy

    sq = 0
    fpx = 0
    fpy = 0
    nox = 0
    do i = 1, mx
      ux = nrx(i)
      noy = 0
      do j = 1, my
        uy = nry(j)
        s = 0
        do l1 = 1, 4
          f = spx(i, l1)
          do l2 = 1, 4
            s = s + (f*spy(j, l2))*c(uy + l2, ux + l1)
          end do
        end do
        e = (z(j, i) - s)**2
        sq = sq + e
        fpx(ux + 1) = fpx(ux + 1) + e
        fpy(uy + 1) = fpy(uy + 1) + e
        half = e*0.5_wp
        if (uy /= noy) then
          fpy(uy + 1) = fpy(uy + 1) - half
          fpy(uy) = fpy(uy) + half
        end if
        noy = uy
        if (ux /= nox) then
          fpx(ux + 1) = fpx(ux + 1) - half
          fpx(ux) = fpx(ux) + half
        end if
      end do
      nox = ux
    end do
  end subroutine sum_residuals

end module residual_sums
