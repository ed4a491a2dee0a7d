!> External procedures for Python: least-squares spherical harmonics. See harmonics; arguments are described in
!! stormtrack/preprocess/_harmonics.pyi.

!> Set of vector instructions that this machine has: see harmonics.
subroutine vector_instructions(level)
  use, intrinsic :: iso_c_binding, only: c_int
  implicit none
  interface
    integer(c_int) function highest_level() bind(c, name='vector_level')
      import :: c_int
    end function highest_level
  end interface
  integer, intent(out) :: level

  level = highest_level()
end subroutine vector_instructions

!> Right-hand sides of the normal equations of `nf` fields (1 or 8), all points of a grid in order.
subroutine right_hand_sides(level, nt, nb, ny, p, nx, cosines, sines, mx, nf, fields, sums)
  use, intrinsic :: iso_fortran_env, only: real32, wp => real64
  use harmonics, only: lanes, add_points, add_points_singly
  implicit none
  integer, intent(in) :: level, nt, nb, ny, nx, mx, nf
  real(wp), intent(in) :: p(lanes, nb, ny), cosines(nx, nt), sines(nx, nt)
  real(real32), intent(in) :: fields(mx, ny, nf)   !< the first nx columns are used
  real(wp), intent(out) :: sums(lanes, nf, 2, nb)
  real(wp) :: values(nf, nx)
  integer :: f, j

  sums = 0
  do j = 1, ny
    do f = 1, nf
      values(f, :) = real(fields(1:nx, j, f), wp)
    end do
    if (nf == 1) then
      call add_points_singly(level, nt - 1, nx, p(1, 1, j), cosines, sines, values, sums)
    else
      call add_points(level, nt - 1, nx, p(1, 1, j), cosines, sines, values, sums)
    end if
  end do
end subroutine right_hand_sides

!> Values on a grid from coefficients.
subroutine evaluate(level, nt, lowest, highest, nb, ny, p, band, even, odd, nx, cosines, sines, mx, field)
  use, intrinsic :: iso_fortran_env, only: real32, wp => real64
  use harmonics, only: lanes, evaluate_row
  implicit none
  integer, intent(in) :: level, nt, lowest, highest, nb, ny, nx, mx
  real(wp), intent(in) :: p(lanes*nb, ny), band(lanes*nb), even(lanes*nb), odd(lanes*nb)
  real(wp), intent(in) :: cosines(nx, nt), sines(nx, nt)
  real(real32), intent(inout) :: field(mx, ny)     !< mx is at most nx
  real(wp) :: q(lanes*nb), c(lanes*nb), s(lanes*nb), values(nx)
  integer :: j

  do j = 1, ny
    q = p(:, j)*band
    c = even*q
    s = odd*q
    call evaluate_row(level, nt - 1, lowest, highest, nx, c, s, cosines, sines, values)
    field(:, j) = real(values(1:mx), real32)
  end do
end subroutine evaluate

!> Add products to the rows of a packed lower triangle.
subroutine triangle_update(level, n, first, pairs, bands, left, tiles, right, nt, triangle)
  use, intrinsic :: iso_fortran_env, only: int64, wp => real64
  use harmonics, only: band, tile, update_triangle
  implicit none
  integer, intent(in) :: level, n, first, pairs, bands, tiles
  integer(int64), intent(in) :: nt
  real(wp), intent(in) :: left(band, pairs, bands), right(tile, pairs, tiles)
  real(wp), intent(inout) :: triangle(nt)

  call update_triangle(level, n, first, pairs, bands, left, tiles, right, triangle)
end subroutine triangle_update
