!> Maximum of a spline surface under linear constraints by a projected variable-metric method (gdfp_optimize).
!!
!! References: Goldfarb (1969) SIAM J. Appl. Math. 17, 739-764; Fletcher and Powell (1963) Computer J. 6, 163-168;
!! Davidon (1959) ANL-5990 for the cubic interpolation on a line.
!! Written anew from specification 03, section 13. Parity: bitwise.
module optimiser
  use kinds, only: wp
  use status, only: opt_converged, opt_no_ascent, opt_decreased, opt_not_converged, opt_dependent, opt_endless
  use active_set
  use surface_patch, only: patch, value_and_gradient
  implicit none
  private
  public :: surface, optimise

  real(wp), parameter :: gradient_tolerance = 1.0e-5_wp      ! TOLDIF
  real(wp), parameter :: line_tolerance = 1.0e-5_wp          ! TOLINT
  real(wp), parameter :: activity_tolerance = 1.0e-8_wp      ! TOLC
  real(wp), parameter :: decrease_tolerance = 1.0e-6_wp      ! TOLF
  real(wp), parameter :: estimate_tolerance = 1.0e-4_wp      ! TOLGAM
  real(wp), parameter :: shortest_step = 1.0e-6_wp           ! KMAG1
  real(wp), parameter :: longest_step = 0.5_wp               ! KMAG2
  real(wp), parameter :: unbounded = 1.0e8_wp                ! MAXLAM
  integer, parameter :: most_iterations = 20
  !> Inner loops that run longer never end; the original has no limit, and some of a million steps do end.
  integer, parameter :: endless = 100000000

  !> The function to be maximised, or with `is_minimum` its negative.
  type :: surface
    integer :: nx, ny
    logical :: is_minimum = .false.
    logical :: are_sorted = .false.      !< the knots, see surface_value
  end type surface

  !> One line search: what it starts from and what it finds.
  type :: line
    real(wp) :: h(dimensions)            !< direction
    real(wp) :: slope                    !< along h at the start
    real(wp) :: hm                       !< h . h
    real(wp) :: longest                  !< up to the next constraint
    real(wp) :: reached                  !< step made
    real(wp) :: sig(dimensions)          !< its vector
  end type line

contains

  !> Value and gradient; v is moved when it lies outside (see surface_value).
  subroutine function_at(f, here, tx, ty, c, v, value, g)
    type(surface), intent(in) :: f
    type(patch), intent(inout) :: here
    real(wp), intent(in) :: tx(*), ty(*), c(*)
    real(wp), intent(inout) :: v(dimensions)
    real(wp), intent(out) :: value
    real(wp), intent(inout) :: g(dimensions)

    call value_and_gradient(here, tx, f%nx, ty, f%ny, f%are_sorted, c, v, value, g)
    if (.not. f%is_minimum) return
    value = -value
    g = -g
  end subroutine function_at

  !> Optimise from v; estimate is the value expected there and sets the first step length only.
  subroutine optimise(f, here, tx, ty, c, full, set, v, estimate, value, ier)
    type(surface), intent(in) :: f
    type(patch), intent(inout) :: here   !< work
    real(wp), intent(in) :: tx(*), ty(*), c(*)
    type(constraints), intent(in) :: full
    type(active), intent(inout) :: set      !< work
    real(wp), intent(inout) :: v(dimensions)
    real(wp), intent(in) :: estimate
    real(wp), intent(out) :: value
    integer, intent(out) :: ier          !< see module status
    type(line) :: search
    real(wp) :: before, expected, g(dimensions), g_before(dimensions), s
    integer :: blocking, i, iterations
    logical :: is_feasible, was_added

    ier = opt_converged
    g = 0
    call start(full, set, v, is_feasible, ier)
    if (ier /= opt_converged .or. .not. is_feasible) then
      call function_at(f, here, tx, ty, c, v, value, g)
      return
    end if
    call function_at(f, here, tx, ty, c, v, value, g)
    expected = estimate
    iterations = 0
    blocking = 0
    do
      if (has_converged(set, full, g, search)) return
      if (drops_constraint(set, full, search)) cycle
      call next_constraint(set, full, v, search, blocking)
      search%slope = 0
      do i = 1, dimensions
        search%slope = search%slope + search%h(i)*g(i)
      end do
      if (.not. search%slope > 0) then
        ier = opt_no_ascent
        return
      end if
      g_before = g
      call search_line(f, here, tx, ty, c, value, expected, search, v, g, ier)
      if (ier /= opt_converged) return
      expected = value
      before = value
      call function_at(f, here, tx, ty, c, v, value, g)
      if (before - value > decrease_tolerance) then
        ier = opt_decreased
        return
      end if
      s = 0
      do i = 1, dimensions
        s = s + g(i)*search%h(i)
      end do
      if (search%longest - search%reached < line_tolerance .and. s >= 0) then
        ! without constraints nothing blocks a line of length 1e8; the original then reads undefined memory
        if (blocking > 0) call append(set, full, blocking, .false., was_added)
      else
        call update_by_step(set%h, g - g_before, search%sig)
      end if
      iterations = iterations + 1
      if (iterations > most_iterations) then
        ier = opt_not_converged
        return
      end if
    end do
  end subroutine optimise

  !> Active constraints and a feasible point to start from.
  subroutine start(full, set, v, is_feasible, ier)
    type(constraints), intent(in) :: full
    type(active), intent(inout) :: set
    real(wp), intent(inout) :: v(dimensions)
    logical, intent(out) :: is_feasible
    integer, intent(inout) :: ier
    real(wp) :: s
    integer :: i, state
    logical :: is_off, was_added

    call reset(set)
    is_feasible = .true.
    is_off = .false.
    do i = 1, full%equalities
      s = residual(full, i, v)
      if (abs(s) > activity_tolerance) is_off = .true.
      call append(set, full, i, .false., was_added)
      if (.not. was_added) then
        ier = opt_dependent
        return
      end if
      set%alpha(i) = s
    end do
    if (is_off) then
      call project(set, set%alpha, v)
      set%alpha = 0
    end if
    is_off = .false.
    do i = full%equalities + 1, full%number
      s = residual(full, i, v)
      if (.not. s < activity_tolerance) cycle
      if (s < 0) is_off = .true.
      call append(set, full, i, .false., was_added)
      if (was_added) set%alpha(set%q) = s
    end do
    if (.not. is_off) return
    call project(set, set%alpha, v)
    do i = 1, endless
      state = correct_start(set, full, v)
      if (state <= 0) exit
    end do
    is_feasible = state == 0
    if (state > 0) ier = opt_endless
  end subroutine start

  pure real(wp) function residual(full, i, v)
    type(constraints), intent(in) :: full
    integer, intent(in) :: i
    real(wp), intent(in) :: v(dimensions)
    integer :: j

    residual = 0
    do j = 1, dimensions
      residual = residual + full%normal(j, i)*v(j)
    end do
    residual = residual - full%rhs(i)
  end function residual

  !> Projected gradient and multipliers; converged when all are small or of the right sign.
  logical function has_converged(set, full, g, search)
    type(active), intent(inout) :: set
    type(constraints), intent(in) :: full
    real(wp), intent(in) :: g(dimensions)
    type(line), intent(inout) :: search
    real(wp) :: al(set%q)
    integer :: flat, i, j, satisfied

    flat = 0
    do i = 1, dimensions
      search%h(i) = 0
      do j = 1, dimensions
        search%h(i) = search%h(i) + set%h(j, i)*g(j)
      end do
      if (abs(search%h(i)) < gradient_tolerance) flat = flat + 1
    end do
    do i = 1, set%q
      al(i) = 0
      do j = 1, dimensions
        al(i) = al(i) + set%normal(j, i)*g(j)
      end do
    end do
    satisfied = 0
    do i = full%equalities + 1, set%q
      set%alpha(i) = 0
      do j = 1, set%q
        set%alpha(i) = set%alpha(i) + al(j)*set%g(j, i)
      end do
      if (set%alpha(i) <= 0) satisfied = satisfied + 1
    end do
    has_converged = flat == dimensions .and. satisfied == set%q - full%equalities
  end function has_converged

  !> Drop the constraint whose release gains more than the step within the active set.
  logical function drops_constraint(set, full, search)
    type(active), intent(inout) :: set
    type(constraints), intent(in) :: full
    type(line), intent(inout) :: search
    real(wp) :: gain, largest
    integer :: i, iq

    search%hm = 0
    do i = 1, dimensions
      search%hm = search%hm + search%h(i)*search%h(i)
    end do
    largest = 0
    iq = 0
    do i = full%equalities + 1, set%q
      gain = (0.5_wp*set%alpha(i))/sqrt(abs(set%g(i, i)))
      if (gain >= largest) then
        largest = gain
        iq = i
      end if
    end do
    drops_constraint = sqrt(abs(search%hm)) <= largest .and. iq > 0
    if (.not. drops_constraint) return
    if (iq < set%q) call swap(set, iq, set%q)
    call remove_last(set)
  end function drops_constraint

  !> How far the line runs before an inactive constraint blocks it; `blocking` stays the last one that did if none does.
  subroutine next_constraint(set, full, v, search, blocking)
    type(active), intent(in) :: set
    type(constraints), intent(in) :: full
    real(wp), intent(in) :: v(dimensions)
    type(line), intent(inout) :: search
    integer, intent(inout) :: blocking
    real(wp) :: s, s1
    integer :: i, j

    search%longest = unbounded
    do i = full%equalities + 1, full%number
      if (any(set%id(full%equalities + 1:set%q) == i)) cycle
      s = 0
      s1 = 0
      do j = 1, dimensions
        s = s - full%normal(j, i)*v(j)
        s1 = s1 + full%normal(j, i)*search%h(j)
      end do
      s = s + full%rhs(i)
      s = s/s1
      if (s > 0 .and. s < search%longest) then
        search%longest = s
        blocking = i
      end if
    end do
  end subroutine next_constraint

  !> Maximum along h: bracket by doubling, then cubic interpolation.
  subroutine search_line(f, here, tx, ty, c, value, expected, search, v, g, ier)
    type(surface), intent(in) :: f
    type(patch), intent(inout) :: here   !< work
    real(wp), intent(in) :: tx(*), ty(*), c(*), value, expected
    type(line), intent(inout) :: search
    real(wp), intent(inout) :: v(dimensions)
    real(wp), intent(inout) :: g(dimensions)
    integer, intent(inout) :: ier
    real(wp) :: base(dimensions), f0, f1, g1, point(dimensions), slope1
    integer :: i

    base = v
    f0 = value
    g1 = longest_step
    if (f0 > expected) g1 = (2*(f0 - expected))/search%slope
    if (abs(f0 - expected) < estimate_tolerance) g1 = shortest_step
    if (g1 > longest_step) g1 = longest_step
    if (g1 > search%longest) g1 = search%longest
    slope1 = 1
    do while (slope1 > 0)
      point = base + g1*search%h
      call function_at(f, here, tx, ty, c, point, f1, g)
      slope1 = along(g, search%h)
      if (search%longest - g1 < line_tolerance) exit
      if (slope1 < 0 .or. f1 < f0) exit
      g1 = g1*2
      if (g1 > search%longest) g1 = search%longest
    end do
    if (slope1 > 0 .and. f1 > f0) then
      do i = 1, dimensions
        search%sig(i) = g1*search%h(i)
        v(i) = v(i) + search%sig(i)
      end do
      search%reached = g1
    else
      call interpolate(f, here, tx, ty, c, search, base, f0, f1, g1, slope1, point, g, ier)
      search%sig = point - v
      v = point
      search%reached = along(search%sig, search%h)/search%hm
    end if
  end subroutine search_line

  !> Narrow the bracket by cubic interpolation; point is the last one tried.
  subroutine interpolate(f, here, tx, ty, c, search, base, f0, f1, g1, slope1, point, g, ier)
    type(surface), intent(in) :: f
    type(patch), intent(inout) :: here   !< work
    real(wp), intent(in) :: tx(*), ty(*), c(*)
    type(line), intent(in) :: search
    real(wp), intent(inout) :: base(dimensions), f0, f1, g1, slope1, point(dimensions), g(dimensions)
    integer, intent(inout) :: ier
    real(wp) :: d, dd, fmax, gam, slope0, slope_new, value, w, z
    integer :: step
    logical :: is_stuck, rising

    slope0 = search%slope
    gam = g1
    step = 0
    is_stuck = .false.
    do while (gam > line_tolerance)
      step = step + 1
      if (is_stuck .or. step > endless) then
        ier = opt_endless
        return
      end if
      z = ((((f0 - f1)*3)/max(g1, smallest)) + slope0) + slope1
      dd = z*z - slope0*slope1
      if (dd < smallest) dd = smallest
      w = sqrt(dd)
      dd = (slope0 - slope1) + 2*w
      if (dd < smallest) dd = smallest
      d = ((w - slope1) + z)/dd
      if (d < 0) d = 0
      gam = g1*(1 - d)
      point = base + gam*search%h
      if (gam < line_tolerance) exit
      call function_at(f, here, tx, ty, c, point, value, g)
      slope_new = along(g, search%h)
      fmax = merge(f1, f0, f0 < f1)
      rising = .true.
      if (value <= fmax) rising = f0 < f1
      if ((slope_new > 0 .and. rising) .or. (value <= fmax .and. rising)) then
        f0 = value
        slope0 = slope_new
        g1 = g1 - gam
        base = point
      else
        is_stuck = f1 == value .and. slope1 == slope_new .and. g1 == gam   ! every further step is the same
        f1 = value
        slope1 = slope_new
        g1 = gam
      end if
    end do
  end subroutine interpolate

  pure real(wp) function along(a, b)
    real(wp), intent(in) :: a(dimensions), b(dimensions)
    integer :: i

    along = 0
    do i = 1, dimensions
      along = along + a(i)*b(i)
    end do
  end function along

  !> Davidon-Fletcher-Powell update for the step sig and the change y of the gradient.
  subroutine update_by_step(h, y, sig)
    real(wp), intent(inout) :: h(dimensions, dimensions)
    real(wp), intent(in) :: y(dimensions), sig(dimensions)
    real(wp) :: s
    integer :: i, j

    call update_metric(h, y)
    s = along(sig, y)
    if (abs(s) < smallest) s = merge(-smallest, smallest, s < 0)
    do i = 1, dimensions
      do j = 1, dimensions
        h(j, i) = h(j, i) - (sig(i)*sig(j))/s
      end do
    end do
  end subroutine update_by_step

end module optimiser
