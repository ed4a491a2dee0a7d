!> Least-squares or smoothing spline on the sphere for given knots, smoothing parameter and pole values (grisph).
!!
!! u is the co-latitude, v the longitude; the spline is periodic in v and constant on v at both poles.
!! References: Dierckx (1984) "Algorithms for smoothing data on the sphere with tensor product splines",
!! Computing 32, 319-342; report TW73 (1985), K.U.Leuven. Written anew from specification 03, section 9.
!! Parity: bitwise. Loops over right-hand sides are element-wise and may be vectorised; sums keep their order.
module sphere_given_knots
  use kinds, only: wp
  use b_splines, only: basis, locate_basis, scaled_jumps
  use row_elimination, only: eliminate_banded, eliminate_closing, apply_to_row
  use libm, only: cos_of, sin_of
  use small_systems, only: factor_cyclic, solve_cyclic
  use sphere_workspace, only: workspace
  implicit none
  private
  public :: fit_sphere_given_knots, sphere_knots, prepare, eliminate_v
  public :: pole_share, share_of_poles, pole_coefficients, at_points, complete_periods

  !> Knots, and which poles ask for a continuous first derivative (1) or not (0).
  type :: sphere_knots
    integer :: nu, nv
    integer :: smooth_north, smooth_south
  end type sphere_knots

  !> How many splines of a row belong to each pole, and the pole terms before theirs.
  type :: pole_share
    integer :: north, north_from, south, south_from
  end type pole_share

contains

  !> Fit for given pole values dr; sq is the weighted residual sum.
  subroutine fit_sphere_given_knots(u, mu, v, mv, r, dr, n, tu, tv, p, setup, only_sum, c, sq, ws)
    integer, intent(in) :: mu, mv
    real(wp), intent(in) :: u(mu), v(mv), r(mv, mu)   !< data, v fastest
    real(wp), intent(in) :: dr(6)        !< value and two derivatives at u = 0 and at u = pi
    type(sphere_knots), intent(in) :: n
    real(wp), intent(in) :: tu(n%nu), tv(n%nv)
    real(wp), intent(in) :: p            !< smoothing parameter; <= 0 stands for infinity
    integer, intent(in) :: setup         !< < 0: basis (and jumps), 0: jumps, > 0: nothing
    logical, intent(in) :: only_sum      !< c is not wanted
    real(wp), intent(inout) :: c(n%nv - 4, n%nu - 4)
    real(wp), intent(out) :: sq
    type(workspace), intent(inout) :: ws
    real(wp) :: pinv
    integer :: mvv, nuu

    pinv = 0
    if (p > 0) pinv = 1/sqrt(p)
    nuu = n%nu - 6 - n%smooth_north - n%smooth_south
    call prepare(u, mu, v, mv, n, tu, tv, p, setup, ws)
    call pole_terms(dr, n, tu, mv, p, pinv, ws, mvv)
    call sweep_u(mu, mv, mvv, nuu, r, n, p, pinv, sq, ws)
    if (nuu > 0) then
      call sweep_v(mv, mvv, nuu, n, p, pinv, sq, ws)
      if (only_sum) return
      call substitute_back(nuu, n, ws)
    end if
    call assemble(dr, n, nuu, ws, c)
  end subroutine fit_sphere_given_knots

  !> Basis values, jumps, and splines of cos v and sin v.
  subroutine prepare(u, mu, v, mv, n, tu, tv, p, setup, ws)
    integer, intent(in) :: mu, mv, setup
    type(sphere_knots), intent(in) :: n
    real(wp), intent(in) :: u(mu), v(mv), tu(n%nu), tv(n%nv), p
    type(workspace), intent(inout) :: ws

    if (setup < 0) then
      call locate_basis(u, mu, tu, n%nu, ws%spu, ws%nru)
      call locate_basis(v, mv, tv, n%nv, ws%spv, ws%nrv)
      if (n%smooth_north + n%smooth_south > 0) call circle_splines(n%nv, tv, ws%cyclic, ws%cosine)
    end if
    if (setup == 0 .or. (setup < 0 .and. p > 0)) then
      if (n%nu > 8) call scaled_jumps(tu, n%nu, ws%bu, size(ws%bu, 1))
      if (n%nv > 8) call scaled_jumps(tv, n%nv, ws%bv, size(ws%bv, 1))
    end if
  end subroutine prepare

  !> Coefficients of the periodic splines that interpolate cos v and sin v at the knots.
  subroutine circle_splines(nv, tv, a, cosine)
    integer, intent(in) :: nv
    real(wp), intent(in) :: tv(nv)
    real(wp), intent(inout) :: a(:, :), cosine(:, :)
    real(wp) :: h(4), w(nv)
    integer :: i, k, nv7

    nv7 = nv - 7
    cosine(1:nv - 4, :) = 0
    if (nv7 < 4) return
    do i = 1, nv7
      call basis(tv, 3, tv(i + 3), i + 3, h)
      a(1:3, i) = h(1:3)
    end do
    call factor_cyclic(a, nv7)
    do k = 1, 2
      do i = 1, nv7
        if (k == 1) w(i) = cos_of(tv(i + 3))
        if (k == 2) w(i) = sin_of(tv(i + 3))
      end do
      call solve_cyclic(a, nv7, w)
      cosine(2:nv7 + 1, k) = w(1:nv7)
      cosine(1, k) = cosine(nv7 + 1, k)
      cosine(nv7 + 2, k) = cosine(2, k)
      cosine(nv7 + 3, k) = cosine(3, k)
    end do
  end subroutine circle_splines

  !> What the given pole values contribute to the data rows and to the penalty rows.
  subroutine pole_terms(dr, n, tu, mv, p, pinv, ws, mvv)
    type(sphere_knots), intent(in) :: n
    integer, intent(in) :: mv
    real(wp), intent(in) :: dr(6), tu(n%nu), p, pinv
    type(workspace), intent(inout) :: ws
    integer, intent(out) :: mvv          !< length of a right-hand side of the u sweep
    integer :: nv8

    nv8 = n%nv - 8
    mvv = mv
    ws%a0(:, 1) = dr(1)
    ws%a1(:, 1) = dr(4)
    if (nv8 /= 0 .and. p > 0) then
      ws%b0(1:nv8, 1) = 0
      ws%b1(1:nv8, 1) = 0
      if (n%smooth_north + n%smooth_south > 0) mvv = mv + nv8
    end if
    if (n%smooth_north == 1) then
      call one_pole(dr(1:3), (tu(5) - tu(4))/3, ws%c0, ws%a0, ws%b0)
    end if
    if (n%smooth_south == 1) then
      call one_pole(dr(4:6), (tu(n%nu - 4) - tu(n%nu - 3))/3, ws%c1, ws%a1, ws%b1)
    end if

  contains

    subroutine one_pole(values, fac, coefficients, at_data, at_knots)
      real(wp), intent(in) :: values(3), fac
      real(wp), intent(inout) :: coefficients(:), at_data(:, :), at_knots(:, :)
      real(wp) :: total
      integer :: i, j

      call pole_coefficients(values, fac, n%nv - 4, ws%cosine, coefficients)
      call at_points(coefficients, mv, ws%nrv, ws%spv, at_data(:, 2))
      if (.not. (nv8 /= 0 .and. p > 0)) return
      do i = 1, nv8
        total = 0
        do j = 1, 5
          total = total + coefficients(i + j - 1)*ws%bv(i, j)
        end do
        at_knots(i, 2) = total*pinv
      end do
    end subroutine one_pole

  end subroutine pole_terms

  !> Coefficients in v next to a pole, from its value and derivatives.
  pure subroutine pole_coefficients(values, fac, nv4, cosine, coefficients)
    real(wp), intent(in) :: values(3)    !< value and two derivatives
    real(wp), intent(in) :: fac          !< a third of the (signed) first knot distance
    integer, intent(in) :: nv4
    real(wp), intent(in) :: cosine(:, :)
    real(wp), intent(inout) :: coefficients(nv4)
    real(wp) :: e2, e3
    integer :: i

    e2 = values(2)*fac
    e3 = values(3)*fac
    do i = 1, nv4
      coefficients(i) = values(1) + e2*cosine(i, 1) + e3*cosine(i, 2)
    end do
  end subroutine pole_coefficients

  !> Values of a spline in v at the data longitudes.
  pure subroutine at_points(coefficients, mv, nrv, spv, values)
    integer, intent(in) :: mv, nrv(mv)
    real(wp), intent(in) :: coefficients(*), spv(mv, 4)
    real(wp), intent(inout) :: values(mv)
    real(wp) :: total
    integer :: i, j

    do i = 1, mv
      total = 0
      do j = 1, 4
        total = total + coefficients(nrv(i) + j)*spv(i, j)
      end do
      values(i) = total
    end do
  end subroutine at_points

  !> Eliminate along u: q becomes the rotated right-hand sides.
  subroutine sweep_u(mu, mv, mvv, nuu, r, n, p, pinv, sq, ws)
    integer, intent(in) :: mu, mv, mvv, nuu
    real(wp), intent(in) :: r(mv, mu), p, pinv
    type(sphere_knots), intent(in) :: n
    real(wp), intent(out) :: sq
    type(workspace), intent(inout) :: ws
    real(wp) :: h(5)
    integer :: it, last, nrold

    ws%q(1:mvv, 1:nuu) = 0
    ws%d = 0
    ws%au = 0
    sq = 0
    nrold = 0
    do it = 1, mu
      do
        ws%right(1:mvv) = 0
        if (nrold == ws%nru(it)) then
          h(1:4) = ws%spu(it, :)
          ws%right(1:mv) = r(:, it)
          last = 4
        else if (p <= 0) then
          nrold = nrold + 1
          cycle
        else
          h = ws%bu(nrold + 1, :)*pinv
          last = 5
        end if
        call eliminate_u(h, last, nrold, ws%nru(it), mv, mvv, n, sq, ws)
        if (nrold == ws%nru(it)) exit
        nrold = nrold + 1
      end do
    end do
  end subroutine sweep_u

  !> One row of the u sweep.
  subroutine eliminate_u(h, last, nrold, number, mv, mvv, n, sq, ws)
    real(wp), intent(inout) :: h(5)
    integer, intent(in) :: last, nrold, number, mv, mvv
    type(sphere_knots), intent(in) :: n
    real(wp), intent(inout) :: sq
    type(workspace), intent(inout) :: ws
    type(pole_share) :: share
    integer :: j, k

    share = share_of_poles(n, nrold, number)
    do k = 1, share%north
      call subtract(mv, h(k), ws%a0(:, share%north_from + k), ws%right)
      call subtract(mvv - mv, h(k), ws%b0(:, share%north_from + k), ws%right(mv + 1:))
    end do
    do k = 1, share%south
      call subtract(mv, h(last + 1 - k), ws%a1(:, share%south_from + k), ws%right)
      call subtract(mvv - mv, h(last + 1 - k), ws%b1(:, share%south_from + k), ws%right(mv + 1:))
    end do
    call eliminate_banded(h, 1 + share%north, last - share%south, max(nrold - n%smooth_north - 1, 0), ws%d, ws%au, ws%list)
    call apply_to_row(ws%list, mvv, ws%right, ws%q)
    if (.not. ws%list%counts) return
    do j = 1, mvv
      sq = sq + ws%list%weight*(ws%right(j)*ws%right(j))
    end do
  end subroutine eliminate_u

  !> The first and last B-splines of a row are those whose coefficients the pole values fix.
  pure type(pole_share) function share_of_poles(n, nrold, number) result(share)
    type(sphere_knots), intent(in) :: n
    integer, intent(in) :: nrold         !< row of the triangle that the row belongs to
    integer, intent(in) :: number        !< interior knots left of the data row

    share%north_from = nrold
    share%north = max(n%smooth_north - nrold + 1, 0)
    share%south_from = n%nu - 8 - number
    share%south = max(n%smooth_south - share%south_from + 1, 0)
  end function share_of_poles

  !> Eliminate along v, periodic: cc becomes the rotated right-hand sides.
  subroutine sweep_v(mv, mvv, nuu, n, p, pinv, sq, ws)
    integer, intent(in) :: mv, mvv, nuu
    type(sphere_knots), intent(in) :: n
    real(wp), intent(in) :: p, pinv
    real(wp), intent(inout) :: sq
    type(workspace), intent(inout) :: ws
    real(wp) :: h(5)
    logical :: is_closing
    integer :: it, j, nrold

    do j = 1, mvv
      ws%qt(1:nuu, j) = ws%q(j, 1:nuu)
    end do
    ws%cc(1:nuu, :) = 0
    ws%dd = 0
    ws%av1 = 0
    ws%av2 = 0
    is_closing = .false.
    nrold = 0
    do it = 1, mv
      do
        if (nrold == ws%nrv(it)) then
          h(5) = 0
          h(1:4) = ws%spv(it, :)
          ws%right(1:nuu) = ws%qt(1:nuu, it)
        else if (p <= 0) then
          nrold = nrold + 1
          cycle
        else
          h = ws%bv(nrold + 1, :)*pinv
          ws%right(1:nuu) = 0
          if (mvv /= mv) ws%right(1:nuu) = ws%qt(1:nuu, mv + nrold + 1)
        end if
        call eliminate_v(h, nrold, n%nv - 11, is_closing, ws)
        call apply_to_row(ws%list, nuu, ws%right, ws%cc)
        if (ws%list%counts) call add_weighted(ws%list%weight, nuu, ws%d, ws%right, sq)
        if (nrold == ws%nrv(it)) exit
        nrold = nrold + 1
      end do
    end do
  end subroutine sweep_v

  !> Rotations of one row of the v sweep.
  subroutine eliminate_v(h, nrold, nv11, is_closing, ws)
    real(wp), intent(inout) :: h(5)
    integer, intent(in) :: nrold, nv11
    logical, intent(inout) :: is_closing
    type(workspace), intent(inout) :: ws
    real(wp) :: h1(5), h2(4)

    if (nrold < nv11) then
      call eliminate_banded(h, 1, 5, nrold, ws%dd, ws%av1, ws%list)
    else
      if (.not. is_closing) call open_border(nv11, ws)
      is_closing = .true.
      call split_row(h, nrold, nv11, h1, h2)
      call eliminate_closing(h1, h2, nv11, ws%dd, ws%av1, ws%av2, ws%list)
    end if
  end subroutine eliminate_v

  !> The border takes over what the triangle holds of its columns.
  subroutine open_border(nv11, ws)
    integer, intent(in) :: nv11
    type(workspace), intent(inout) :: ws
    integer :: i, ik, j

    do i = 1, 4
      do j = 1, 4
        ik = nv11 + i - j
        if (ik <= 0) exit
        ws%av2(i, ik) = ws%av1(j, ik)
      end do
    end do
  end subroutine open_border

  !> Split a row into its part in the triangle (h1) and in the border (h2).
  pure subroutine split_row(h, nrold, nv11, h1, h2)
    real(wp), intent(in) :: h(5)
    integer, intent(in) :: nrold, nv11
    real(wp), intent(out) :: h1(5), h2(4)
    integer :: i, l0, l1

    h1 = 0
    h2 = 0
    do i = 1, 5
      l0 = nrold - nv11 + i
      do
        l1 = l0 - 4
        if (l1 <= 0) then
          h2(l0) = h2(l0) + h(i)
          exit
        end if
        if (l1 <= nv11) then
          h1(l1) = h(i)
          exit
        end if
        l0 = l1 - nv11
      end do
    end do
  end subroutine split_row

  !> Residual of a row of the v sweep, weighted by the u sweep.
  pure subroutine add_weighted(wi, nuu, d, right, sq)
    integer, intent(in) :: nuu
    real(wp), intent(in) :: wi, d(nuu), right(nuu)
    real(wp), intent(inout) :: sq
    integer :: i

    do i = 1, nuu
      sq = sq + (wi*d(i))*(right(i)*right(i))
    end do
  end subroutine add_weighted

  !> Back-substitution along v; cc holds one row per v coefficient.
  subroutine substitute_back(nuu, n, ws)
    integer, intent(in) :: nuu
    type(sphere_knots), intent(in) :: n
    type(workspace), intent(inout) :: ws
    integer :: j, l, m, nv11, nv7

    nv7 = n%nv - 7
    nv11 = n%nv - 11
    if (nv7 == 1) return
    do m = 1, 3
      l = nv7 - m
      if (l < 1) exit
      do j = 5 - m, 4
        call subtract(nuu, ws%av2(j, l), ws%cc(:, nv11 + j), ws%cc(:, l))
      end do
    end do
    do l = nv11, 1, -1
      do j = 4, 1, -1
        call subtract(nuu, ws%av2(j, l), ws%cc(:, nv11 + j), ws%cc(:, l))
      end do
    end do
    do l = nv11 - 1, 1, -1
      do j = 1, min(4, nv11 - l)
        call subtract(nuu, ws%av1(j, l), ws%cc(:, l + j), ws%cc(:, l))
      end do
    end do
  end subroutine substitute_back

  pure subroutine subtract(n, f, a, b)
    integer, intent(in) :: n
    real(wp), intent(in) :: f, a(n)
    real(wp), intent(inout) :: b(n)
    integer :: i

    do i = 1, n
      b(i) = b(i) - a(i)*f
    end do
  end subroutine subtract

  !> Back-substitution along u, and the coefficients with poles and periodic columns.
  subroutine assemble(dr, n, nuu, ws, c)
    real(wp), intent(in) :: dr(6)
    type(sphere_knots), intent(in) :: n
    integer, intent(in) :: nuu
    type(workspace), intent(in) :: ws
    real(wp), intent(inout) :: c(n%nv - 4, n%nu - 4)
    integer :: i, k, l, nv7

    nv7 = n%nv - 7
    k = 1 + n%smooth_north
    do i = 1, nuu
      c(1:nv7, k + i) = ws%cc(i, 1:nv7)
    end do
    do i = nuu - 1, 1, -1
      do l = 1, min(4, nuu - i)
        call subtract(nv7, ws%au(l, i), c(:, k + i + l), c(:, k + i))
      end do
    end do
    call complete_periods(dr, n, ws%c0, ws%c1, c)
  end subroutine assemble

  !> Repeat the first columns behind the period and fill in the coefficients of the poles.
  pure subroutine complete_periods(dr, n, c0, c1, c)
    real(wp), intent(in) :: dr(6), c0(*), c1(*)
    type(sphere_knots), intent(in) :: n
    real(wp), intent(inout) :: c(n%nv - 4, n%nu - 4)
    integer :: i, l, nv7

    nv7 = n%nv - 7
    do i = 2 + n%smooth_north, n%nu - 5 - n%smooth_south
      do l = 1, 3                        ! one after the other: nv7 may be less than 3
        c(nv7 + l, i) = c(l, i)
      end do
    end do
    c(:, 1) = dr(1)
    c(:, n%nu - 4) = dr(4)
    if (n%smooth_north == 1) c(:, 2) = c0(1:n%nv - 4)
    if (n%smooth_south == 1) c(:, n%nu - 5) = c1(1:n%nv - 4)
  end subroutine complete_periods

end module sphere_given_knots
