using System.CommandLine;
using KeypointMl.Benchmarks;

var root = new RootCommand("Measures KeypointMl: ratios of alternatives that ran in turn in one process. Prints Markdown.")
{
    PrecisionCommand.Create(),
    ConvolutionsCommand.Create(),
    QuantizationErrorCommand.Create(),
};
return root.Parse(args).Invoke();
