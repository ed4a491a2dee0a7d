!> Active linear constraints of the optimiser with the matrices that depend on them.
!!
!! G = (N'N)^-1 of the active normals N, and the projected metric H.
!! References: Goldfarb (1969) SIAM J. Appl. Math. 17, 739-764; Rosen (1960) J. SIAM 8, 181-217.
!! Written anew from specification 03, section 13. Parity: bitwise; every inner sum runs upwards from zero.
module active_set
  use kinds, only: wp
  use memory, only: must_be_allocated
  implicit none
  private
  public :: constraints, active, dimensions, allocate_active, allocate_constraints, reset
  public :: append, remove_last, swap, project, update_metric, correct_start, is_active

  integer, parameter :: dimensions = 2
  real(wp), parameter, public :: smallest = 1.0e-20_wp
  real(wp), parameter :: dependent_below = 1.0e-5_wp     ! TOLLD
  real(wp), parameter :: normal_tolerance = 1.0e-6_wp    ! TOLPN
  real(wp), parameter :: multiplier_tolerance = 1.0e-6_wp  ! TOLR
  real(wp), parameter :: violated_by = 1.0e-12_wp        ! TINY

  !> normal . x >= rhs; the first `equalities` hold with =.
  type :: constraints
    integer :: number = 0, equalities = 0
    real(wp), allocatable :: normal(:, :)   !< (2, number), of unit length
    real(wp), allocatable :: rhs(:)
  end type constraints

  type :: active
    integer :: q = 0                        !< number of active constraints
    integer, allocatable :: id(:)           !< number of each in the full list; 0 none
    real(wp), allocatable :: normal(:, :)   !< (2, q)
    real(wp), allocatable :: g(:, :)        !< (N'N)^-1
    real(wp), allocatable :: alpha(:)       !< multipliers or residuals
    real(wp) :: h(dimensions, dimensions)   !< projected metric
  end type active

contains

  subroutine allocate_active(set, number)
    type(active), intent(inout) :: set
    integer, intent(in) :: number
    integer :: stat

    allocate (set%id(number + 1), set%normal(dimensions, number + 1), stat=stat)
    call must_be_allocated(stat)
    allocate (set%g(number + 1, number + 1), set%alpha(number + 1), stat=stat)
    call must_be_allocated(stat)
    set%normal(:, :) = 0
    set%g(:, :) = 0
  end subroutine allocate_active

  !> Constraints with these normals; their right-hand sides are not set yet.
  subroutine allocate_constraints(full, number, equalities, normal)
    type(constraints), intent(inout) :: full
    integer, intent(in) :: number, equalities
    real(wp), intent(in) :: normal(dimensions, *)
    integer :: stat

    full%number = number
    full%equalities = equalities
    allocate (full%normal(dimensions, number), full%rhs(number), stat=stat)
    call must_be_allocated(stat)
    full%normal(:, :) = normal(:, 1:number)
  end subroutine allocate_constraints

  pure subroutine reset(set)
    type(active), intent(inout) :: set

    set%q = 0
    set%id(:) = 0
    set%alpha(:) = 0
    set%h = reshape([1.0_wp, 0.0_wp, 0.0_wp, 1.0_wp], [dimensions, dimensions])
  end subroutine reset

  pure logical function is_active(set, id)
    type(active), intent(in) :: set
    integer, intent(in) :: id

    is_active = any(set%id(1:set%q) == id)
  end function is_active

  !> Make constraint `id` active; a dependent one only when it is forced (the original ignores the test there).
  pure subroutine append(set, full, id, is_forced, was_added)
    type(active), intent(inout) :: set
    type(constraints), intent(in) :: full
    integer, intent(in) :: id
    logical, intent(in) :: is_forced
    logical, intent(out) :: was_added
    integer :: q

    q = set%q + 1
    set%id(q) = id
    set%normal(:, q) = full%normal(:, id)
    was_added = .true.
    if (q == 1) then
      set%g(1, 1) = 1
    else
      call extend_inverse(set, was_added)
      was_added = was_added .or. is_forced
    end if
    if (.not. was_added) then
      set%id(q) = 0
      return
    end if
    call update_metric(set%h, set%normal(:, q))
    set%q = q
  end subroutine append

  !> Bordered inverse for the normal at q + 1 (update_nn1, add).
  pure subroutine extend_inverse(set, is_independent)
    type(active), intent(inout) :: set
    logical, intent(out) :: is_independent
    real(wp) :: b4, pn, pp, r(set%q), w(set%q)
    integer :: i, j, q

    q = set%q
    do j = 1, q
      w(j) = 0
      do i = 1, dimensions
        w(j) = w(j) + set%normal(i, j)*set%normal(i, q + 1)
      end do
    end do
    do i = 1, q
      r(i) = 0
      do j = 1, q
        r(i) = r(i) + set%g(j, i)*w(j)
      end do
    end do
    pn = 0
    do i = 1, dimensions
      pp = 0
      do j = 1, q
        pp = pp - set%normal(i, j)*r(j)
      end do
      pp = pp + set%normal(i, q + 1)
      pn = pn + pp*pp
    end do
    is_independent = .not. (pn < dependent_below)
    if (.not. is_independent) return
    b4 = 1/pn
    set%g(q + 1, q + 1) = b4
    do i = 1, q
      set%g(q + 1, i) = (-r(i))*b4
      set%g(i, q + 1) = (-r(i))*b4
      do j = 1, q
        set%g(j, i) = set%g(j, i) + (r(i)*r(j))*b4
      end do
    end do
  end subroutine extend_inverse

  !> Drop the last active constraint (update_nn1, remove; update_h, removal).
  pure subroutine remove_last(set)
    type(active), intent(inout) :: set
    real(wp) :: den, div, hn(dimensions), nt(dimensions), p(dimensions, dimensions), w(dimensions, set%q)
    integer :: i, j, k, t

    t = set%q
    div = 1/set%g(t, t)
    do i = 1, t - 1
      do j = 1, t - 1
        set%g(j, i) = set%g(j, i) - (set%g(t, i)*set%g(t, j))*div
      end do
    end do
    do i = 1, dimensions
      do j = 1, t - 1
        w(i, j) = 0
        do k = 1, t - 1
          w(i, j) = w(i, j) + set%g(k, j)*set%normal(i, k)
        end do
      end do
      do j = 1, dimensions
        p(i, j) = 0
        if (i == j) p(i, j) = 1
        do k = 1, t - 1
          p(i, j) = p(i, j) - set%normal(j, k)*w(i, k)
        end do
      end do
    end do
    call projections(p, set%normal(:, t), hn, nt, den)
    do i = 1, dimensions
      do j = 1, dimensions
        set%h(j, i) = set%h(j, i) + (hn(i)*nt(j))/den
      end do
    end do
    set%q = t - 1
    set%id(t) = 0
  end subroutine remove_last

  !> H := H - (H'w)(Hw)'/w'Hw: projection onto the complement of w (update_h).
  pure subroutine update_metric(h, w)
    real(wp), intent(inout) :: h(dimensions, dimensions)
    real(wp), intent(in) :: w(dimensions)
    real(wp) :: den, hn(dimensions), nt(dimensions)
    integer :: i, j

    call projections(h, w, hn, nt, den)
    do i = 1, dimensions
      do j = 1, dimensions
        h(j, i) = h(j, i) - (hn(i)*nt(j))/den
      end do
    end do
  end subroutine update_metric

  pure subroutine projections(h, w, hn, nt, den)
    real(wp), intent(in) :: h(dimensions, dimensions), w(dimensions)
    real(wp), intent(out) :: hn(dimensions), nt(dimensions), den
    integer :: i, j

    do i = 1, dimensions
      hn(i) = 0
      nt(i) = 0
      do j = 1, dimensions
        hn(i) = hn(i) + h(j, i)*w(j)
        nt(i) = nt(i) + h(i, j)*w(j)
      end do
    end do
    den = 0
    do i = 1, dimensions
      den = den + w(i)*hn(i)
    end do
    if (den < smallest) den = smallest
  end subroutine projections

  !> Exchange two active constraints.
  pure subroutine swap(set, a, b)
    type(active), intent(inout) :: set
    integer, intent(in) :: a, b
    real(wp) :: column(set%q), normal(dimensions)
    integer :: id, q

    q = set%q
    id = set%id(a)
    set%id(a) = set%id(b)
    set%id(b) = id
    normal = set%normal(:, a)
    set%normal(:, a) = set%normal(:, b)
    set%normal(:, b) = normal
    column = set%g(a, 1:q)
    set%g(a, 1:q) = set%g(b, 1:q)
    set%g(b, 1:q) = column
    column = set%g(1:q, a)
    set%g(1:q, a) = set%g(1:q, b)
    set%g(1:q, b) = column
  end subroutine swap

  !> Move a point by the residuals `alpha` of the active constraints, onto them (init_vec).
  pure subroutine project(set, alpha, v)
    type(active), intent(in) :: set
    real(wp), intent(in) :: alpha(:)
    real(wp), intent(inout) :: v(dimensions)
    real(wp) :: nl(set%q), total
    integer :: i, j

    do i = 1, set%q
      nl(i) = 0
      do j = 1, set%q
        nl(i) = nl(i) + set%g(j, i)*alpha(j)
      end do
    end do
    do i = 1, dimensions
      total = 0
      do j = 1, set%q
        total = total + set%normal(i, j)*nl(j)
      end do
      v(i) = v(i) - total
    end do
  end subroutine project

  !> One step towards a feasible start: 1 go on, 0 feasible, -1 there is no feasible point (correct_vect).
  integer function correct_start(set, full, v) result(state)
    type(active), intent(inout) :: set
    type(constraints), intent(in) :: full
    real(wp), intent(inout) :: v(dimensions)
    real(wp) :: lambda(full%number + 1), nl(set%q), pp, r(set%q), s, s1
    integer :: first, i, ic, iq, j
    logical :: was_added
    call first_violated(set, full, v, ic, s)
    state = 0
    if (ic == 0) return
    lambda = 0
    do i = 1, set%q
      nl(i) = 0
      do j = 1, dimensions
        nl(i) = nl(i) + full%normal(j, ic)*set%normal(j, i)
      end do
    end do
    do i = 1, set%q
      r(i) = 0
      do j = 1, set%q
        r(i) = r(i) + set%g(j, i)*nl(j)
      end do
    end do
    s1 = 0
    do i = 1, dimensions
      pp = 0
      do j = 1, set%q
        pp = pp + set%normal(i, j)*r(j)
      end do
      pp = full%normal(i, ic) - pp
      s1 = s1 + pp*pp
    end do
    state = 1
    if (.not. s1 > normal_tolerance) then
      first = full%equalities
      iq = first
      do i = first + 1, set%q
        if (r(i) > multiplier_tolerance) then
          iq = i
          exit
        end if
      end do
      if (iq <= first) then
        state = -1
        return
      end if
      if (iq < set%q) call swap(set, iq, set%q)
      call remove_last(set)
    end if
    lambda(set%q + 1) = s
    call append(set, full, ic, .true., was_added)
    call project(set, lambda, v)
  end function correct_start

  !> First inequality that is not active and is violated.
  pure subroutine first_violated(set, full, v, ic, s)
    type(active), intent(in) :: set
    type(constraints), intent(in) :: full
    real(wp), intent(in) :: v(dimensions)
    integer, intent(out) :: ic
    real(wp), intent(out) :: s
    integer :: i, j

    s = 0
    do i = full%equalities + 1, full%number
      if (is_active(set, i)) cycle
      s = 0
      do j = 1, dimensions
        s = s + full%normal(j, i)*v(j)
      end do
      s = s - full%rhs(i)
      if (abs(s) < violated_by) s = violated_by
      if (s < 0) then
        ic = i
        return
      end if
    end do
    ic = 0
  end subroutine first_violated

end module active_set
