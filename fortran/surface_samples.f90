!> Values of surfaces with the same knots at the same points, frame after frame.
!!
!! Intervals and basis values are found once; the sum is that of surface_value%evaluate, in its order.
!! Source: specification 03, section 4. Parity: bitwise.
module surface_samples
  use, intrinsic :: iso_fortran_env, only: real32
  use kinds, only: wp
  use b_splines, only: basis
  use surface_value, only: move_inside, interval, is_ascending
  implicit none
  private
  public :: prepare_samples, sample, sample_to

contains

  !> First coefficient and basis values of every point.
  pure subroutine prepare_samples(tx, nx, ty, ny, n, x, y, first, hx, hy)
    integer, intent(in) :: nx, ny, n
    real(wp), intent(in) :: tx(*), ty(*)
    real(wp), intent(inout) :: x(n), y(n)      !< moved into the domain when outside
    integer, intent(out) :: first(n)           !< index of the first coefficient, 0 for a point without value
    real(wp), intent(out) :: hx(4, n), hy(4, n)
    integer :: k, lx, ly
    logical :: are_sorted, is_inside

    are_sorted = is_ascending(tx, nx) .and. is_ascending(ty, ny)
    do k = 1, n
      call move_inside(tx, nx, ty, ny, x(k), y(k), is_inside)
      first(k) = 0
      hx(:, k) = 0
      hy(:, k) = 0
      if (.not. is_inside) cycle
      lx = interval(tx, nx, x(k), are_sorted)
      ly = interval(ty, ny, y(k), are_sorted)
      call basis(tx, 3, x(k), lx, hx(:, k))
      call basis(ty, 3, y(k), ly, hy(:, k))
      first(k) = (lx - 4)*(ny - 4) + ly - 3
    end do
  end subroutine prepare_samples

  !> Values for one set of coefficients.
  pure subroutine sample(c, ld, n, first, hx, hy, s)
    integer, intent(in) :: ld                  !< number of coefficients in y
    integer, intent(in) :: n
    real(wp), intent(in) :: c(*)               !< y fastest
    integer, intent(in) :: first(n)
    real(wp), intent(in) :: hx(4, n), hy(4, n)
    real(wp), intent(out) :: s(n)
    integer :: k

    do k = 1, n
      s(k) = 0
      if (first(k) > 0) s(k) = value_of(c(first(k)), ld, hx(1, k), hy(1, k))
    end do
  end subroutine sample

  !> The same in single precision, each value to its place in a larger array.
  pure subroutine sample_to(c, ld, n, first, hx, hy, place, field)
    integer, intent(in) :: ld, n
    real(wp), intent(in) :: c(*)
    integer, intent(in) :: first(n)
    real(wp), intent(in) :: hx(4, n), hy(4, n)
    integer, intent(in) :: place(n)            !< counted from 0
    real(real32), intent(inout) :: field(0:*)
    integer :: k

    do k = 1, n
      field(place(k)) = 0
      if (first(k) > 0) field(place(k)) = real(value_of(c(first(k)), ld, hx(1, k), hy(1, k)), real32)
    end do
  end subroutine sample_to

  !> The sum over the 16 coefficients that reach a point.
  pure real(wp) function value_of(c, ld, hx, hy) result(total)
    integer, intent(in) :: ld
    real(wp), intent(in) :: c(ld, 4), hx(4), hy(4)
    integer :: i, j

    total = 0
    do i = 1, 4
      do j = 1, 4
        total = total + (hx(i)*hy(j))*c(j, i)
      end do
    end do
  end function value_of

end module surface_samples
