!> The innermost loops of the planned fits for two sets of vector instructions.
!!
!! The same source, lanes.f90.in, compiled twice (meson.build): `level` 0 runs everywhere, 1 takes AVX2 and runs where
!! `highest_level` says so. Both give the same bits: without contraction the width of an instruction changes none.
module lane_kernels
  use, intrinsic :: iso_c_binding, only: c_int
  use kinds, only: wp
  use lanes_baseline, only: eliminate_0 => eliminate, substitute_0 => substitute, border_0 => subtract_border, &
                            sweep_0 => sweep
  use lanes_avx2, only: eliminate_1 => eliminate, substitute_1 => substitute, border_1 => subtract_border, &
                        sweep_1 => sweep
  implicit none
  private
  public :: width, padding, highest_level, eliminate, substitute, subtract_border, sweep

  integer, parameter :: width = 32       !< measured: 8 is held back by the latency of a lane's operations, 64 by the cache
  integer, parameter :: padding = 8      !< elements more that `a` of sweep has

  interface
    integer(c_int) function highest_level() bind(c, name='vector_level')
      import :: c_int
    end function highest_level
  end interface

contains

  pure subroutine eliminate(level, rows, start, row, q, ld, lanes)
    integer, intent(in) :: level, rows, start(rows + 1), row(*), ld
    real(wp), intent(in) :: q(3, *)
    real(wp), intent(inout) :: lanes(ld, *)

    if (level > 0) then
      call eliminate_1(rows, start, row, q, ld, lanes)
    else
      call eliminate_0(rows, start, row, q, ld, lanes)
    end if
  end subroutine eliminate

  pure subroutine substitute(level, ldt, band, rows, triangle, ld, lanes)
    integer, intent(in) :: level, ldt, band, rows, ld
    real(wp), intent(in) :: triangle(ldt, rows)
    real(wp), intent(inout) :: lanes(ld, *)

    if (level > 0) then
      call substitute_1(ldt, band, rows, triangle, ld, lanes)
    else
      call substitute_0(ldt, band, rows, triangle, ld, lanes)
    end if
  end subroutine substitute

  pure subroutine subtract_border(level, inner, border, lanes)
    integer, intent(in) :: level, inner
    real(wp), intent(in) :: border(4, inner)
    real(wp), intent(inout) :: lanes(width, inner + 4)

    if (level > 0) then
      call border_1(inner, border, lanes)
    else
      call border_0(inner, border, lanes)
    end if
  end subroutine subtract_border

  pure subroutine sweep(level, first, last, mv, n, slots, start, row, q, weight, share, factors, pole, r, terms, ring, a, &
                        sums)
    integer, intent(in) :: level, first, last, mv, n, slots, start(*), row(*), share(5, *), pole
    real(wp), intent(in) :: q(3, *), weight(*), factors(4, *), r(mv, *), terms(n*mv, 2)
    real(wp), intent(inout) :: ring(n*mv, slots), a(n*mv + padding), sums(n)

    if (level > 0) then
      call sweep_1(first, last, mv, n, slots, start, row, q, weight, share, factors, pole, r, terms, ring, a, sums)
    else
      call sweep_0(first, last, mv, n, slots, start, row, q, weight, share, factors, pole, r, terms, ring, a, sums)
    end if
  end subroutine sweep

end module lane_kernels
