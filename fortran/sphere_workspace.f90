!> Work arrays of a fit on the sphere, carved out of two flat arrays so that a fit allocates nothing.
module sphere_workspace
  use kinds, only: wp
  use row_elimination, only: rotation_list, allocate_list
  implicit none
  private
  public :: workspace, carve, reals_needed, integers_needed

  type :: workspace
    real(wp), pointer, contiguous :: right(:) => null()                   !< right-hand side of the incoming row
    real(wp), pointer, contiguous :: q(:, :) => null()                    !< u sweep: (mv + nv, nu)
    real(wp), pointer, contiguous :: qt(:, :) => null()                   !< transposed: (nu, mv + nv)
    real(wp), pointer, contiguous :: cc(:, :) => null()                   !< v sweep: (nu, nv)
    real(wp), pointer, contiguous :: au(:, :) => null()                   !< (4, nu) triangle of the u sweep
    real(wp), pointer, contiguous :: av1(:, :) => null(), av2(:, :) => null()   !< (6, nv), (4, nv) of the v sweep
    real(wp), pointer, contiguous :: a0(:, :) => null(), a1(:, :) => null()     !< (mv, 2) pole terms at the data
    real(wp), pointer, contiguous :: b0(:, :) => null(), b1(:, :) => null()     !< (nv, 2) pole terms of the penalty
    real(wp), pointer, contiguous :: c0(:) => null(), c1(:) => null()     !< coefficients next to the poles
    real(wp), pointer, contiguous :: d(:) => null(), dd(:) => null()      !< diagonal weights
    real(wp), pointer, contiguous :: spu(:, :) => null(), spv(:, :) => null()   !< basis values at the data
    real(wp), pointer, contiguous :: bu(:, :) => null(), bv(:, :) => null()     !< scaled jumps
    real(wp), pointer, contiguous :: cosine(:, :) => null()               !< (nv, 2) splines of cos v and sin v
    real(wp), pointer, contiguous :: cyclic(:, :) => null()               !< (6, nv)
    integer, pointer, contiguous :: nru(:) => null(), nrv(:) => null()    !< interior knots left of the data
    type(rotation_list) :: list          !< rotations of the present row
  end type workspace

contains

  !> Number of reals to be given to carve; nu and nv are the largest numbers of knots.
  pure integer function reals_needed(mu, mv, nu, nv)
    integer, intent(in) :: mu, mv, nu, nv

    reals_needed = (mv + nv + nu) + 2*(mv + nv)*nu + nu*nv + 4*nu + 10*nv + 4*mv + 4*nv + 2*nv + nu + nv &
                   + 4*mu + 4*mv + 5*nu + 5*nv + 2*nv + 6*nv
  end function reals_needed

  pure integer function integers_needed(mu, mv)
    integer, intent(in) :: mu, mv

    integers_needed = mu + mv
  end function integers_needed

  !> Point the arrays into the two flat ones.
  subroutine carve(ws, mu, mv, nu, nv, reals, integers)
    type(workspace), intent(out) :: ws
    integer, intent(in) :: mu, mv, nu, nv
    real(wp), intent(inout), target, contiguous :: reals(:)
    integer, intent(inout), target, contiguous :: integers(:)
    integer :: last

    last = 0
    call vector(ws%right, mv + nv + nu)
    call matrix(ws%q, mv + nv, nu)
    call matrix(ws%qt, nu, mv + nv)
    call matrix(ws%cc, nu, nv)
    call matrix(ws%au, 4, nu)
    call matrix(ws%av1, 6, nv)
    call matrix(ws%av2, 4, nv)
    call matrix(ws%a0, mv, 2)
    call matrix(ws%a1, mv, 2)
    call matrix(ws%b0, nv, 2)
    call matrix(ws%b1, nv, 2)
    call vector(ws%c0, nv)
    call vector(ws%c1, nv)
    call vector(ws%d, nu)
    call vector(ws%dd, nv)
    call matrix(ws%spu, mu, 4)
    call matrix(ws%spv, mv, 4)
    call matrix(ws%bu, nu, 5)
    call matrix(ws%bv, nv, 5)
    call matrix(ws%cosine, nv, 2)
    call matrix(ws%cyclic, 6, nv)
    call allocate_list(ws%list, nv + 5)
    ws%nru => integers(1:mu)
    ws%nrv => integers(mu + 1:mu + mv)

  contains

    subroutine vector(a, n)
      real(wp), pointer, contiguous, intent(out) :: a(:)
      integer, intent(in) :: n

      a => reals(last + 1:last + n)
      last = last + n
    end subroutine vector

    subroutine matrix(a, n, m)
      real(wp), pointer, contiguous, intent(out) :: a(:, :)
      integer, intent(in) :: n, m

      a(1:n, 1:m) => reals(last + 1:last + n*m)
      last = last + n*m
    end subroutine matrix

  end subroutine carve

end module sphere_workspace
