!> Least-squares or smoothing bicubic spline on a rectangular grid for given knots and smoothing parameter (grismo).
!!
!! All work arrays lie in ONE buffer at offsets, because the original's C caller lets two of them overlap when
!! max(nx, my) > max(nx, ny) and p > 0; `compat` reproduces that, `clean` keeps them apart. Hence the explicit
!! offsets below instead of separate arguments, whose overlap Fortran forbids.
!! Source: specification 03, sections 5 and 7. Parity: bitwise.
module rectangle_given_knots
  use kinds, only: wp
  use b_splines, only: locate_basis, jumps
  use givens, only: rotation
  implicit none
  private
  public :: buffer_layout, layout_of, fit_given_knots

  !> Offsets (elements before the first) of the arrays in the buffer.
  type :: buffer_layout
    integer :: by, bx, d, ay, ax, q, right, h, c
    integer :: ld                        !< leading dimension of bx and by
    integer :: total
  end type buffer_layout

  !> One sweep: where its arrays lie.
  type :: sweep
    integer :: target, row_step, column_step   !< element (row, j) lies at target + row*row_step + j*column_step
    integer :: triangle, ld, weights           !< unit triangle tri(ld, 4) and diagonal weights
    integer :: columns                         !< length of a right-hand side
  end type sweep

contains

  !> Offsets for columns of my data and nx x ny knots.
  pure type(buffer_layout) function layout_of(my, nx, ny, compat) result(at)
    integer, intent(in) :: my, nx, ny
    logical, intent(in) :: compat        !< the original's overlapping arrays
    integer :: largest, size_b

    at%ld = max(nx, my)
    largest = max(nx, ny)
    if (compat) then
      size_b = even(5*largest)
    else
      at%ld = max(at%ld, ny)
      size_b = even(5*at%ld)
    end if
    at%by = 0
    at%bx = at%by + size_b
    at%d = at%bx + size_b
    at%ay = at%d + even(largest)
    at%ax = at%ay + even(4*ny)
    at%q = at%ax + even(4*nx)
    at%right = at%q + even(nx*my)
    at%h = at%right + even(max(nx, my))
    at%c = at%h + even(5)
    at%total = max(at%c + (nx - 4)*(ny - 4), at%bx + 5*at%ld)
  end function layout_of

  pure integer function even(n)
    integer, intent(in) :: n

    even = n + modulo(n, 2)
  end function even

  !> Fit; coefficients are left in the buffer at `at%c`, y fastest.
  subroutine fit_given_knots(x, mx, y, my, z, tx, nx, ty, ny, p, setup, spx, spy, nrx, nry, at, w)
    integer, intent(in) :: mx, my, nx, ny
    real(wp), intent(in) :: x(mx), y(my), z(my, mx), tx(nx), ty(ny)
    real(wp), intent(in) :: p            !< smoothing parameter; <= 0 stands for infinity
    integer, intent(in) :: setup         !< < 0: basis (and jumps), 0: jumps, > 0: nothing
    real(wp), intent(inout) :: spx(mx, 4), spy(my, 4)
    integer, intent(inout) :: nrx(mx), nry(my)
    type(buffer_layout), intent(in) :: at
    real(wp), intent(inout) :: w(*)      !< the buffer
    type(sweep) :: along_x, along_y
    real(wp) :: pinv
    logical :: is_penalised
    integer :: band_x, band_y, it, j, nkx, nky, nrold

    nkx = nx - 4
    nky = ny - 4
    is_penalised = p > 0
    pinv = 0
    if (is_penalised) pinv = 1/p
    if (setup < 0) then
      call locate_basis(x, mx, tx, nx, spx, nrx)
      call locate_basis(y, my, ty, ny, spy, nry)
    end if
    if (setup == 0 .or. (setup < 0 .and. is_penalised)) then
      if (nx /= 8) call jumps(tx, nx, 5, w(at%bx + 1), at%ld)
      if (ny /= 8) call jumps(ty, ny, 5, w(at%by + 1), at%ld)
    end if

    along_x = sweep(target=at%q - my, row_step=my, column_step=1, triangle=at%ax, ld=nx, weights=at%d, columns=my)
    w(at%q + 1:at%q + my*nkx) = 0
    w(at%d + 1:at%d + nkx) = 0
    call clear_triangle(w, at%ax, nx, nkx)
    nrold = 0
    band_x = 4
    do it = 1, mx
      do
        if (nrold == nrx(it)) exit
        if (is_penalised) call add_penalty_row(w, at, at%bx, pinv, nrold, along_x, band_x)
        nrold = nrold + 1
      end do
      w(at%h + band_x) = 0
      do j = 1, 4
        w(at%h + j) = spx(it, j)
      end do
      do j = 1, my
        w(at%right + j) = z(j, it)
      end do
      call eliminate(w, at, 1.0_wp, nrold, band_x, along_x)
    end do

    along_y = sweep(target=at%c - nky, row_step=1, column_step=nky, triangle=at%ay, ld=ny, weights=at%d, columns=nkx)
    w(at%c + 1:at%c + nkx*nky) = 0
    w(at%d + 1:at%d + nky) = 0
    call clear_triangle(w, at%ay, ny, nky)
    nrold = 0
    band_y = 4
    do it = 1, my
      do
        if (nrold == nry(it)) exit
        if (is_penalised) call add_penalty_row(w, at, at%by, pinv, nrold, along_y, band_y)
        nrold = nrold + 1
      end do
      w(at%h + band_y) = 0
      do j = 1, 4
        w(at%h + j) = spy(it, j)
      end do
      do j = 1, nkx
        w(at%right + j) = w(at%q + it + (j - 1)*my)
      end do
      call eliminate(w, at, 1.0_wp, nrold, band_y, along_y)
    end do

    call substitute_back(w(at%c + 1), nkx, nky, w(at%ax + 1), nx, band_x, w(at%ay + 1), ny, band_y)
  end subroutine fit_given_knots

  !> Zero the rows in use; the others may hold parts of an overlapping array.
  pure subroutine clear_triangle(w, triangle, ld, rows)
    real(wp), intent(inout) :: w(*)
    integer, intent(in) :: triangle, ld, rows
    integer :: j

    do j = 0, 3
      w(triangle + j*ld + 1:triangle + j*ld + rows) = 0
    end do
  end subroutine clear_triangle

  !> A row that asks for a small jump of the third derivative at knot nrold + 1.
  subroutine add_penalty_row(w, at, b, pinv, nrold, into, band)
    real(wp), intent(inout) :: w(*)
    type(buffer_layout), intent(in) :: at
    integer, intent(in) :: b             !< offset of the jumps
    real(wp), intent(in) :: pinv
    integer, intent(in) :: nrold
    type(sweep), intent(in) :: into
    integer, intent(inout) :: band       !< stays 5 for the rest of the sweep
    integer :: j

    band = 5
    do j = 1, 5
      w(at%h + j) = w(b + nrold + 1 + (j - 1)*at%ld)
    end do
    do j = 1, into%columns
      w(at%right + j) = 0
    end do
    call eliminate(w, at, pinv, nrold, band, into)
  end subroutine add_penalty_row

  !> Rotate the row in h and right into the triangle.
  subroutine eliminate(w, at, weight, first, band, into)
    real(wp), intent(inout) :: w(*)
    type(buffer_layout), intent(in) :: at
    real(wp), intent(in) :: weight
    integer, intent(in) :: first, band
    type(sweep), intent(in) :: into
    real(wp) :: co, piv, si, store, wi
    integer :: i, j, k, row, step

    wi = weight
    row = first
    step = into%column_step
    do i = 1, band
      if (wi == 0) return
      row = row + 1
      piv = w(at%h + i)
      if (piv == 0) cycle
      call rotation(piv, wi, w(into%weights + row), co, si)
      k = into%target + row*into%row_step
      do j = 1, into%columns
        store = w(k + j*step)
        w(k + j*step) = co*store + si*w(at%right + j)
        w(at%right + j) = w(at%right + j) - piv*store
      end do
      do j = i + 1, band
        k = into%triangle + row + (j - i - 1)*into%ld
        store = w(k)
        w(k) = co*store + si*w(at%h + j)
        w(at%h + j) = w(at%h + j) - piv*store
      end do
    end do
  end subroutine eliminate

  !> Coefficients from the two unit triangles, along y first.
  pure subroutine substitute_back(c, nkx, nky, ax, ldx, band_x, ay, ldy, band_y)
    integer, intent(in) :: nkx, nky, ldx, ldy, band_x, band_y
    real(wp), intent(inout) :: c(nky, nkx)
    real(wp), intent(in) :: ax(ldx, 4), ay(ldy, 4)
    real(wp) :: s
    integer :: i, j, l

    do i = 1, nkx
      do j = nky - 1, 1, -1
        s = c(j, i)
        do l = 1, min(band_y - 1, nky - j)
          s = s - c(j + l, i)*ay(j, l)
        end do
        c(j, i) = s
      end do
    end do
    do i = nkx - 1, 1, -1
      do j = 1, nky
        s = c(j, i)
        do l = 1, min(band_x - 1, nkx - i)
          s = s - c(j, i + l)*ax(i, l)
        end do
        c(j, i) = s
      end do
    end do
  end subroutine substitute_back

end module rectangle_given_knots
