#!/bin/bash
# stormtrack campaign as one PBS job over several nodes, by MPI.  qsub -v CAMPAIGN=campaign.toml mpi.sh
#PBS -N stormtrack
#PBS -l select=8:ncpus=48:mpiprocs=48
#PBS -l walltime=02:00:00
#PBS -j oe
# yours: the lines above, and how stormtrack and MPI get on the path
# module load python mpi && source ~/venvs/stormtrack/bin/activate

cd "${PBS_O_WORKDIR:-.}" || exit 2
SCRIPT=${SCRIPT:-$PBS_O_WORKDIR/mpi.sh}
CAMPAIGN=${CAMPAIGN:-campaign.toml}
MOST=${MOST:-20}
TURN=${TURN:-1}

trap '' TERM
(trap - TERM; exec mpiexec stormtrack run "$CAMPAIGN" --backend mpi --scratch "${TMPDIR:-/tmp}")
status=$?

# 75: the same command goes on; 9, 137 and others, as launchers have them: a rank was lost, and it goes on as well
if [ "$status" -gt 2 ] && [ "$TURN" -lt "$MOST" ]; then
  qsub -v "CAMPAIGN=$CAMPAIGN,SCRIPT=$SCRIPT,MOST=$MOST,TURN=$((TURN + 1))" "$SCRIPT"
  exit 0
fi
exit "$status"
