#!/bin/bash
# stormtrack campaign as an array of SLURM jobs that share its tasks.  sbatch array.sh campaign.toml
#SBATCH --job-name=stormtrack
#SBATCH --array=1-20
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=16
#SBATCH --mem=32G
#SBATCH --time=02:00:00
#SBATCH --signal=TERM@120
#SBATCH --output=stormtrack_%A_%a.log
# yours: the lines above, and how stormtrack gets on the path
# module load python && source ~/venvs/stormtrack/bin/activate

CAMPAIGN=${1:-${CAMPAIGN:-campaign.toml}}
MOST=${MOST:-20}        # jobs of one element, one after the other
TURN=${TURN:-1}

# srun hands SIGTERM on to the run; --no-wait: what others are at work on is theirs
srun --ntasks=1 stormtrack run "$CAMPAIGN" --backend processes --workers "${SLURM_CPUS_PER_TASK:-1}" \
  --scratch "${TMPDIR:-/tmp}" --no-wait
status=$?

# 75: the same command goes on. Elements whose rest is done by others need not come back.
if [ "$status" -eq 75 ]; then
  stormtrack status "$CAMPAIGN" --json > "status_${SLURM_ARRAY_JOB_ID:-0}_${SLURM_ARRAY_TASK_ID:-0}.json"
  left=$(sed -n 's/^ *"left": \([0-9]*\).*/\1/p' "status_${SLURM_ARRAY_JOB_ID:-0}_${SLURM_ARRAY_TASK_ID:-0}.json")
  rm -f "status_${SLURM_ARRAY_JOB_ID:-0}_${SLURM_ARRAY_TASK_ID:-0}.json"
  if [ "${left:-0}" -gt 0 ] && [ "$TURN" -lt "$MOST" ]; then
    TURN=$((TURN + 1)) sbatch --array="${SLURM_ARRAY_TASK_ID:-1}" --export=ALL "$0" "$CAMPAIGN"
    exit 0
  fi
fi
exit "$status"
