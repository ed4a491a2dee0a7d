#!/bin/bash
# stormtrack campaign as one SLURM job over several nodes, by MPI.  sbatch mpi.sh campaign.toml
#SBATCH --job-name=stormtrack
#SBATCH --nodes=8
#SBATCH --ntasks-per-node=48
#SBATCH --cpus-per-task=1
#SBATCH --time=02:00:00
#SBATCH --signal=TERM@120
#SBATCH --output=stormtrack_%j.log
# yours: the lines above, and how stormtrack and MPI get on the path
# module load python mpi && source ~/venvs/stormtrack/bin/activate

CAMPAIGN=${1:-${CAMPAIGN:-campaign.toml}}
MOST=${MOST:-20}
TURN=${TURN:-1}

srun stormtrack run "$CAMPAIGN" --backend mpi --scratch "${TMPDIR:-/tmp}"
status=$?

# 75: the same command goes on; 9, 137 and others, as launchers have them: a rank was lost, and it goes on as well
if [ "$status" -gt 2 ] && [ "$TURN" -lt "$MOST" ]; then
  TURN=$((TURN + 1)) sbatch --export=ALL "$0" "$CAMPAIGN"
  exit 0
fi
exit "$status"
