using KeypointMl.Cli;
using KeypointMl.Cli.Running;

using var signals = new StopSignals();
return CommandLine.Run(
    args, Console.Out, Console.Error, signals.Token, (variable, value) => ProcessRestart.With(args, variable, value),
    TerminalQuestions.OfConsole());
