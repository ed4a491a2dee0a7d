!> Feature points on a surface: their variables, the way back, the seam of a periodic domain, and duplicates.
!!
!! References: specification 02, section 11; 03, sections 13-14. Parity: bitwise.
module feature_optimiser
  use, intrinsic :: iso_c_binding, only: c_int64_t
  use, intrinsic :: iso_fortran_env, only: real32
  use kinds, only: wp
  use libm, only: acos_of, cos_of, sin_of
  implicit none
  private
  public :: variables_of, position_of, is_at_seam, beyond_seam, mark_duplicates

  real(wp), parameter :: radian = 0.017453292519943295_wp      ! per degree
  real(wp), parameter :: half_pi = 1.57079632679489661923_wp
  real(wp), parameter :: pi = 3.141592653589793_wp
  real(wp), parameter :: at_edge = 1.0e-6_wp       !< this near to an end of a periodic domain a point is tried again
  real(wp), parameter :: same_point = 1.0e-4_wp    !< points of one object nearer than this are duplicates
  real(real32), parameter :: clearly_apart = 0.01_real32 !< in y (degrees: 1.7 times `same_point`): no duplicates
  real(real32), parameter :: duff = -1.0e12_real32 !< strength of a duplicate

contains

  !> Variables of a surface at a position; comparisons are written so that NaN stays.
  pure function variables_of(is_spherical, x, y) result(v)
    logical, intent(in) :: is_spherical
    real(real32), intent(in) :: x, y
    real(wp) :: v(2)

    v = [real(x, wp), real(y, wp)]
    if (.not. is_spherical) return
    v = [half_pi - real(y, wp)*radian, real(x, wp)*radian]
    if (v(1) < 0) then
      v(1) = 0
    else if (v(1) > pi) then
      v(1) = pi
    end if
  end function variables_of

  !> The reverse, in single precision.
  pure subroutine position_of(is_spherical, v, x, y)
    logical, intent(in) :: is_spherical
    real(wp), intent(in) :: v(2)
    real(real32), intent(out) :: x, y

    x = real(v(1), real32)
    y = real(v(2), real32)
    if (.not. is_spherical) return
    x = real(v(2)/radian, real32)
    y = real((half_pi - v(1))/radian, real32)
    if (y < -90.0_real32) then
      y = -90.0_real32
    else if (y > 90.0_real32) then
      y = 90.0_real32
    end if
  end subroutine position_of

  !> Whether a longitude lies at one end of the domain.
  pure logical function is_at_seam(longitude, seam)
    real(wp), intent(in) :: longitude, seam(2)

    is_at_seam = longitude - seam(1) < at_edge .or. seam(2) - longitude < at_edge
  end function is_at_seam

  !> The other end.
  pure real(wp) function beyond_seam(longitude, seam)
    real(wp), intent(in) :: longitude, seam(2)

    beyond_seam = merge(seam(2), seam(1), longitude - seam(1) < at_edge)
  end function beyond_seam

  !> Mark every feature that lies on an earlier one of its object; marked ones count as well.
  !>
  !> Most pairs are told apart by their latitudes (or y): on the sphere an angle is at least the difference of the
  !> colatitudes, and rounding cannot bring one of `clearly_apart` or more down to `same_point`.
  subroutine mark_duplicates(n, start, is_geodesic, x, y, strength)
    integer, intent(in) :: n                              !< objects
    integer(c_int64_t), intent(in) :: start(0:n)          !< their features, counted from 0
    logical, intent(in) :: is_geodesic
    real(real32), intent(in) :: x(0:*), y(0:*)
    real(real32), intent(inout) :: strength(0:*)
    integer(c_int64_t) :: earlier, f
    integer :: k
    real(real32) :: distance

    do k = 1, n
      do f = start(k - 1) + 1, start(k) - 1
        do earlier = start(k - 1), f - 1
          if (abs(y(f) - y(earlier)) > clearly_apart .and. abs(y(f)) <= 90 .and. abs(y(earlier)) <= 90) cycle
          if (is_geodesic) then
            distance = on_sphere(x(f), y(f), x(earlier), y(earlier))
          else
            distance = in_plane(x(f), y(f), x(earlier), y(earlier))
          end if
          if (distance < same_point) then
            strength(f) = duff
            exit
          end if
        end do
      end do
    end do
  end subroutine mark_duplicates

  !> Geodesic distance in radians (specification 04, section 3.1), as `measure_trig` of stormtrack.kernels.sphere.
  pure real(real32) function on_sphere(lon1, lat1, lon2, lat2)
    real(real32), intent(in) :: lon1, lat1, lon2, lat2
    real(wp) :: cosine, f1, f2, t1, t2

    f1 = real(lon1, wp)*radian
    f2 = real(lon2, wp)*radian
    t1 = half_pi - real(lat1, wp)*radian
    t2 = half_pi - real(lat2, wp)*radian
    if (t1 < 0) t1 = 0
    if (t2 < 0) t2 = 0
    cosine = (sin_of(t1)*sin_of(t2))*cos_of(f2 - f1) + cos_of(t1)*cos_of(t2)
    if (abs(cosine) > 1) cosine = merge(1.0_wp, -1.0_wp, cosine > 0)
    on_sphere = real(acos_of(cosine), real32)
  end function on_sphere

  !> Euclidean distance, as `measure_euclid`.
  pure real(real32) function in_plane(x1, y1, x2, y2)
    real(real32), intent(in) :: x1, y1, x2, y2
    real(wp) :: dx, dy

    dx = real(x1 - x2, wp)
    dy = real(y1 - y2, wp)
    in_plane = real(sqrt(dx*dx + dy*dy), real32)
  end function in_plane

end module feature_optimiser
