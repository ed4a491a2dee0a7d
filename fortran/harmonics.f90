!> Sums of least-squares spherical harmonics over the points of a grid and over coefficients.
!!
!! The innermost loops stand in harmonic_lanes.f90.in, compiled for several sets of vector instructions (meson.build):
!! `level` 0 runs everywhere, 1 takes AVX2, 2 AVX-512; `vector_level` says what the machine has. All give the same bits.
!!
!! Coefficients lie in blocks of `lanes`: those of order m (degrees m to `top`) begin with a new block, what is
!! beyond `top` in the last block of an order is zero.
!! Source: specification 05, section 3. Parity: bitwise.
module harmonics
  use, intrinsic :: iso_fortran_env, only: int64, wp => real64
  use harmonic_lanes_baseline, only: add_eight_0 => add_eight, add_one_0 => add_one, add_one_long_0 => add_one_long, &
                                     sum_wide_0 => sum_wide, sum_narrow_0 => sum_narrow, add_products_0 => add_products
  use harmonic_lanes_avx2, only: add_eight_1 => add_eight, add_one_1 => add_one, add_one_long_1 => add_one_long, &
                                 sum_wide_1 => sum_wide, sum_narrow_1 => sum_narrow, add_products_1 => add_products
  use harmonic_lanes_avx512, only: add_eight_2 => add_eight, add_one_2 => add_one, add_one_long_2 => add_one_long, &
                                   sum_wide_2 => sum_wide, sum_narrow_2 => sum_narrow, add_products_2 => add_products
  implicit none
  private
  public :: lanes, tile, band, blocks_of, add_points, add_points_singly, evaluate_row, update_triangle

  integer, parameter :: lanes = 8        !< coefficients, or frames, taken together
  integer, parameter :: long = 4         !< blocks of coefficients taken together for one frame
  integer, parameter :: wide = 64        !< columns evaluated together
  integer, parameter :: narrow = 16      !< the same at the end of a row
  integer, parameter :: tile = 16        !< entries of a row of a matrix taken together
  integer, parameter :: band = 4         !< rows of a matrix taken together
  integer, parameter :: together = 16     !< tiles of a band in turn: as many as the cache holds

contains

  !> Blocks of the coefficients of one order.
  pure integer function blocks_of(top, order)
    integer, intent(in) :: top, order

    blocks_of = (top + lanes - order)/lanes
  end function blocks_of

  !> Add a row of points to the right-hand sides of eight frames.
  pure subroutine add_points(level, top, points, p, cosines, sines, values, sums)
    integer, intent(in) :: level, top, points
    real(wp), intent(in) :: p(lanes, *)                    !< Legendre functions of the row
    real(wp), intent(in) :: cosines(points, 0:top), sines(points, 0:top)
    real(wp), intent(in) :: values(lanes, points)
    real(wp), intent(inout) :: sums(lanes, lanes, 2, *)
    integer :: at, block, m

    at = 0
    do m = 0, top
      do block = 1, blocks_of(top, m)
        at = at + 1
        select case (level)
        case (0)
          call add_eight_0(points, p(1, at), cosines(1, m), sines(1, m), values, sums(1, 1, 1, at))
        case (1)
          call add_eight_1(points, p(1, at), cosines(1, m), sines(1, m), values, sums(1, 1, 1, at))
        case default
          call add_eight_2(points, p(1, at), cosines(1, m), sines(1, m), values, sums(1, 1, 1, at))
        end select
      end do
    end do
  end subroutine add_points

  !> The same for one frame.
  pure subroutine add_points_singly(level, top, points, p, cosines, sines, values, sums)
    integer, intent(in) :: level, top, points
    real(wp), intent(in) :: p(lanes, *), cosines(points, 0:top), sines(points, 0:top), values(points)
    real(wp), intent(inout) :: sums(lanes, 2, *)
    integer :: at, end, m

    at = 1
    do m = 0, top
      end = at + blocks_of(top, m)
      do while (at < end)
        select case (merge(3, 0, end - at >= long) + min(level, 2))
        case (0)
          call add_one_0(points, p(1, at), cosines(1, m), sines(1, m), values, sums(1, 1, at))
        case (1)
          call add_one_1(points, p(1, at), cosines(1, m), sines(1, m), values, sums(1, 1, at))
        case (2)
          call add_one_2(points, p(1, at), cosines(1, m), sines(1, m), values, sums(1, 1, at))
        case (3)
          call add_one_long_0(points, p(1, at), cosines(1, m), sines(1, m), values, sums(1, 1, at))
        case (4)
          call add_one_long_1(points, p(1, at), cosines(1, m), sines(1, m), values, sums(1, 1, at))
        case default
          call add_one_long_2(points, p(1, at), cosines(1, m), sines(1, m), values, sums(1, 1, at))
        end select
        at = at + merge(long, 1, end - at >= long)
      end do
    end do
  end subroutine add_points_singly

  !> Sums of the degrees `lowest` to `highest` at the points of a row.
  pure subroutine evaluate_row(level, top, lowest, highest, points, even, odd, cosines, sines, values)
    integer, intent(in) :: level, top, lowest, highest
    integer, intent(in) :: points                          !< a multiple of `narrow`
    real(wp), intent(in) :: even(lanes, *), odd(lanes, *)  !< factors of cosines and sines
    real(wp), intent(in) :: cosines(points, 0:top), sines(points, 0:top)
    real(wp), intent(out) :: values(points)
    integer :: first

    first = 1
    do while (first + wide - 1 <= points)
      call sum_columns(.true., first, values(first:first + wide - 1))
      first = first + wide
    end do
    do while (first <= points)
      call sum_columns(.false., first, values(first:first + narrow - 1))
      first = first + narrow
    end do

  contains

    pure subroutine sum_columns(is_wide, i, sums)
      logical, intent(in) :: is_wide
      integer, intent(in) :: i
      real(wp), intent(out) :: sums(:)
      integer :: at, m, skipped, terms

      sums = 0
      at = 1
      do m = 0, top
        skipped = max(lowest - m, 0)
        terms = highest + 1 - max(m, lowest)
        if (terms > 0) call add_terms(is_wide, terms, even(1, at), odd(1, at), skipped, i, m, sums)
        at = at + blocks_of(top, m)
      end do
    end subroutine sum_columns

    pure subroutine add_terms(is_wide, terms, c, s, skipped, i, m, sums)
      logical, intent(in) :: is_wide
      integer, intent(in) :: terms, skipped, i, m
      real(wp), intent(in) :: c(*), s(*)
      real(wp), intent(inout) :: sums(*)

      select case (merge(3, 0, is_wide) + min(level, 2))
      case (0)
        call sum_narrow_0(terms, c(skipped + 1), s(skipped + 1), cosines(i, m), sines(i, m), sums)
      case (1)
        call sum_narrow_1(terms, c(skipped + 1), s(skipped + 1), cosines(i, m), sines(i, m), sums)
      case (2)
        call sum_narrow_2(terms, c(skipped + 1), s(skipped + 1), cosines(i, m), sines(i, m), sums)
      case (3)
        call sum_wide_0(terms, c(skipped + 1), s(skipped + 1), cosines(i, m), sines(i, m), sums)
      case (4)
        call sum_wide_1(terms, c(skipped + 1), s(skipped + 1), cosines(i, m), sines(i, m), sums)
      case default
        call sum_wide_2(terms, c(skipped + 1), s(skipped + 1), cosines(i, m), sines(i, m), sums)
      end select
    end subroutine add_terms

  end subroutine evaluate_row

  !> Add products to the entries (r, c), first <= c <= r < n, of a packed lower triangle: left(k, r)*right(c, k), k
  !! ascending. Rows and columns are counted from 0; `left` holds bands of rows, `right` tiles of columns from `first` on.
  pure subroutine update_triangle(level, n, first, pairs, bands, left, tiles, right, triangle)
    integer, intent(in) :: level, n, first, pairs, bands, tiles
    real(wp), intent(in) :: left(band, pairs, bands), right(tile, pairs, tiles)
    real(wp), intent(inout) :: triangle(0:*)
    integer :: b, group, t

    do group = 1, tiles, together
      do b = (group - 1)*tile/band + 1, bands
        do t = group, min(group + together - 1, tiles, ((b - 1)*band + band - 1)/tile + 1)
          call update_entries(level, n, first, (b - 1)*band, (t - 1)*tile, pairs, left(1, 1, b), right(1, 1, t), triangle)
        end do
      end do
    end do
  end subroutine update_triangle

  !> The same for one band of rows and one tile of columns; `row` and `column` are counted from `first`.
  pure subroutine update_entries(level, n, first, row, column, pairs, left, right, triangle)
    integer, intent(in) :: level, n, first, row, column, pairs
    real(wp), intent(in) :: left(band, pairs), right(tile, pairs)
    real(wp), intent(inout) :: triangle(0:*)
    integer(int64) :: at(band)
    integer :: c, i, r, wanted(band)

    c = first + column
    do i = 1, band
      r = first + row + i - 1
      at(i) = int(r, int64)*(r + 1)/2 + c
      wanted(i) = merge(max(min(tile, r - c + 1), 0), 0, r < n)
    end do
    select case (level)
    case (0)
      call add_products_0(pairs, left, right, at, wanted, triangle)
    case (1)
      call add_products_1(pairs, left, right, at, wanted, triangle)
    case default
      call add_products_2(pairs, left, right, at, wanted, triangle)
    end select
  end subroutine update_entries

end module harmonics
