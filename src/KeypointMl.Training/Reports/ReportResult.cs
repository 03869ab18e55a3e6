namespace KeypointMl.Training;

/// <summary>A row of the table of results.</summary>
/// <param name="Name">The run, or a baseline.</param>
/// <param name="ErrorPercentOfImage">Mean error in percent of the image's size.</param>
/// <param name="NmePercent">Mean error in percent of the normalising distance, or null.</param>
/// <param name="Note">What it is, in a few words.</param>
/// <param name="IsRun">Whether this is the run that the report is about.</param>
public sealed record ReportResult(string Name, double ErrorPercentOfImage, double? NmePercent = null, string Note = "", bool IsRun = false);
