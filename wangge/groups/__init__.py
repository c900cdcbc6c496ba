"""Service groups 服务小组 and the thread of each 网格群: read by their members and nobody else."""
