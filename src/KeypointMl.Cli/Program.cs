using KeypointMl.Cli;

using var signals = new StopSignals();
return CommandLine.Run(args, Console.Out, Console.Error, signals.Token);
