using KeypointMl.Data.Formats.Tables;

namespace KeypointMl.Data.Formats.Sleap;

/// <summary>The records of a SLEAP file to be written, with the names, order and types that SLEAP gives them.</summary>
internal sealed class SleapRecords
{
    internal SleapRecords(PoseTable table, SleapSources sources, IReadOnlyList<string> tracks)
    {
        List<FrameRecord> frames = [];
        List<InstanceRecord> instances = [];
        List<PointRecord> points = [];
        List<PredictedPointRecord> predicted = [];
        Dictionary<string, int> trackIndex = tracks.Index().ToDictionary(track => track.Item, track => track.Index, StringComparer.Ordinal);
        foreach (IGrouping<(int Video, long Frame), PoseRow> frame in table.Rows.GroupBy(sources.Place))
        {
            ulong first = (ulong)instances.Count;
            foreach (PoseRow row in frame)
            {
                ulong start = (ulong)(row.Scores is null ? points.Count : predicted.Count);
                for (int k = 0; k < row.Points.Length; k++)
                {
                    bool there = float.IsFinite(row.Points[k].X);
                    if (row.Scores is null)
                    {
                        points.Add(new PointRecord { x = row.Points[k].X, y = row.Points[k].Y, visible = Flag(there), complete = 1 });
                    }
                    else
                    {
                        predicted.Add(new PredictedPointRecord
                        {
                            x = row.Points[k].X,
                            y = row.Points[k].Y,
                            visible = Flag(there),
                            score = row.Scores[k],
                        });
                    }
                }
                instances.Add(new InstanceRecord
                {
                    instance_id = instances.Count,
                    instance_type = Flag(row.Scores is not null),
                    frame_id = (ulong)frames.Count,
                    track = trackIndex.GetValueOrDefault(row.Item, -1),
                    from_predicted = -1,
                    score = row.Scores is null ? 0 : row.Scores.Where(float.IsFinite).DefaultIfEmpty(0).Average(),
                    point_id_start = start,
                    point_id_end = start + (ulong)row.Points.Length,
                });
            }
            frames.Add(new FrameRecord
            {
                frame_id = (ulong)frames.Count,
                video = (uint)frame.Key.Video,
                frame_idx = (ulong)frame.Key.Frame,
                instance_id_start = first,
                instance_id_end = (ulong)instances.Count,
            });
        }
        (Frames, Instances, Points, PredictedPoints) = ([.. frames], [.. instances], [.. points], [.. predicted]);
    }

    internal FrameRecord[] Frames { get; }

    internal InstanceRecord[] Instances { get; }

    internal PointRecord[] Points { get; }

    internal PredictedPointRecord[] PredictedPoints { get; }

    private static byte Flag(bool value) => value ? (byte)1 : (byte)0;

    // PureHDF takes the names of the columns from these fields.
#pragma warning disable IDE1006, SA1307
    internal struct FrameRecord
    {
        public ulong frame_id;
        public uint video;
        public ulong frame_idx;
        public ulong instance_id_start;
        public ulong instance_id_end;
    }

    internal struct InstanceRecord
    {
        public long instance_id;
        public byte instance_type;
        public ulong frame_id;
        public uint skeleton;
        public int track;
        public long from_predicted;
        public float score;
        public ulong point_id_start;
        public ulong point_id_end;
    }

    internal struct PointRecord
    {
        public double x;
        public double y;
        public byte visible;
        public byte complete;
    }

    internal struct PredictedPointRecord
    {
        public double x;
        public double y;
        public byte visible;
        public byte complete;
        public double score;
    }
#pragma warning restore IDE1006, SA1307
}
