!> Feature points on a surface: their variables, the way back, the seam of a periodic domain, and duplicates.
!!
!! References: specification 02, section 11; 03, sections 13-14. Parity: bitwise.
module feature_optimiser
  use, intrinsic :: iso_c_binding, only: c_int64_t
  use, intrinsic :: iso_fortran_env, only: real32
  use kinds, only: wp
  use libm, only: acos_of, cos_of, sin_of
  use memory, only: must_be_allocated
  implicit none
  private
  public :: variables_of, position_of, is_at_seam, beyond_seam, mark_duplicates

  real(wp), parameter :: radian = 0.017453292519943295_wp      ! per degree
  real(wp), parameter :: half_pi = 1.57079632679489661923_wp
  real(wp), parameter :: pi = 3.141592653589793_wp
  real(wp), parameter :: at_edge = 1.0e-6_wp       !< this near to an end of a periodic domain a point is tried again
  real(wp), parameter :: same_point = 1.0e-4_wp    !< points of one object nearer than this are duplicates
  real(real32), parameter :: clearly_apart = 0.01_real32 !< in y (degrees: 1.7 times `same_point`): no duplicates
  integer, parameter :: few = 32                   !< features of an object that are held against one another
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
  subroutine mark_duplicates(n, start, is_geodesic, x, y, strength)
    integer, intent(in) :: n                              !< objects
    integer(c_int64_t), intent(in) :: start(0:n)          !< their features, counted from 0
    logical, intent(in) :: is_geodesic
    real(real32), intent(in) :: x(0:*), y(0:*)
    real(real32), intent(inout) :: strength(0:*)
    integer(c_int64_t) :: first, size
    integer :: k

    do k = 1, n
      first = start(k - 1)
      size = start(k) - first
      if (size <= few) then
        call mark_among_few(size, is_geodesic, x(first), y(first), strength(first))
      else
        call mark_among_many(size, is_geodesic, x(first), y(first), strength(first))
      end if
    end do
  end subroutine mark_duplicates

  !> The same for one object, pair by pair.
  subroutine mark_among_few(size, is_geodesic, x, y, strength)
    integer(c_int64_t), intent(in) :: size
    logical, intent(in) :: is_geodesic
    real(real32), intent(in) :: x(size), y(size)
    real(real32), intent(inout) :: strength(size)
    integer(c_int64_t) :: earlier, f

    do f = 2, size
      do earlier = 1, f - 1
        if (.not. is_same(is_geodesic, x(f), y(f), x(earlier), y(earlier))) cycle
        strength(f) = duff
        exit
      end do
    end do
  end subroutine mark_among_few

  !> The same for features in the order of y: each is held against those behind it that are not `clearly_apart`. The
  !> order of latitudes beyond the poles says nothing; such features are held against all.
  subroutine mark_among_many(size, is_geodesic, x, y, strength)
    integer(c_int64_t), intent(in) :: size
    logical, intent(in) :: is_geodesic
    real(real32), intent(in) :: x(size), y(size)
    real(real32), intent(inout) :: strength(size)
    integer(c_int64_t) :: a, b, ordered, place
    integer(c_int64_t), allocatable :: order(:)
    integer :: stat

    allocate (order(size), stat=stat)
    call must_be_allocated(stat)
    ordered = 0
    do a = 1, size
      if (.not. (abs(y(a)) <= merge(90.0_real32, huge(y), is_geodesic))) cycle
      ordered = ordered + 1
      order(ordered) = a
    end do
    call sort_by(y, order(1:ordered))
    do a = 1, ordered
      do b = a + 1, ordered
        if (y(order(b)) - y(order(a)) > clearly_apart) exit
        call mark_later(order(a), order(b), is_geodesic, x, y, strength)
      end do
    end do
    if (ordered == size) return
    do a = 1, size
      if (abs(y(a)) <= merge(90.0_real32, huge(y), is_geodesic)) cycle
      do place = 1, size
        if (place /= a) call mark_later(a, place, is_geodesic, x, y, strength)
      end do
    end do
  end subroutine mark_among_many

  !> Mark the later of two features if they are the same.
  subroutine mark_later(a, b, is_geodesic, x, y, strength)
    integer(c_int64_t), intent(in) :: a, b
    logical, intent(in) :: is_geodesic
    real(real32), intent(in) :: x(*), y(*)
    real(real32), intent(inout) :: strength(*)
    integer(c_int64_t) :: earlier, later

    earlier = min(a, b)
    later = max(a, b)
    if (is_same(is_geodesic, x(later), y(later), x(earlier), y(earlier))) strength(later) = duff
  end subroutine mark_later

  !> Whether two features are nearer than `same_point`.
  !>
  !> Most pairs are told apart by their latitudes (or y): on the sphere an angle is at least the difference of the
  !> colatitudes, and rounding cannot bring one of `clearly_apart` or more down to `same_point`. Where the cosine of the
  !> latitude is 0.17 or more, a tenth of a degree of longitude is three times `same_point`.
  pure logical function is_same(is_geodesic, x1, y1, x2, y2)
    logical, intent(in) :: is_geodesic
    real(real32), intent(in) :: x1, y1, x2, y2
    real(real32) :: across

    is_same = .false.
    if (abs(y1 - y2) > clearly_apart .and. abs(y1) <= 90 .and. abs(y2) <= 90) return
    if (.not. is_geodesic) then
      is_same = in_plane(x1, y1, x2, y2) < same_point
      return
    end if
    across = abs(x1 - x2)
    if (across > 0.1_real32 .and. across < 359.9_real32 .and. abs(y1) <= 80 .and. abs(y2) <= 80) return
    is_same = on_sphere(x1, y1, x2, y2) < same_point
  end function is_same

  !> Sort indices by the numbers that they stand for, ascending (heap sort).
  pure subroutine sort_by(number, order)
    real(real32), intent(in) :: number(:)
    integer(c_int64_t), intent(inout) :: order(:)
    integer(c_int64_t) :: last, place, top

    do place = size(order)/2, 1, -1
      call sink(number, order, place)
    end do
    do last = size(order), 2, -1
      top = order(1)
      order(1) = order(last)
      order(last) = top
      call sink(number, order(1:last - 1), 1_c_int64_t)
    end do
  end subroutine sort_by

  !> Let an index of a heap, the one of the largest number on top, sink to its place.
  pure subroutine sink(number, order, begin)
    real(real32), intent(in) :: number(:)
    integer(c_int64_t), intent(inout) :: order(:)
    integer(c_int64_t), intent(in) :: begin
    integer(c_int64_t) :: below, moved, place

    place = begin
    moved = order(place)
    do
      below = 2*place
      if (below > size(order)) exit
      if (below < size(order)) then
        if (number(order(below + 1)) > number(order(below))) below = below + 1
      end if
      if (number(order(below)) <= number(moved)) exit
      order(place) = order(below)
      place = below
    end do
    order(place) = moved
  end subroutine sink

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
