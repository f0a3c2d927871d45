"""Building on a cluster: Dask reads the articles wherever they lie, shards keep what they say, a store is made of them.

sources   addresses (local, http, S3, GCS …) -> the files behind them -> their articles
shards    what the articles of one file say, sorted, in a file of its own with its index; the manifest of all
work      what a worker of Dask does: one file in, one shard out
building  the files handed out, lost workers made good, the shards merged or brought into a store

A shard that is whole is never made again, so a build that was broken off goes on where it was.
"""

from aigraph.cluster.building import load_shards, read_on_cluster
from aigraph.cluster.shards import Manifest, Shards

__all__ = ["Manifest", "Shards", "load_shards", "read_on_cluster"]
