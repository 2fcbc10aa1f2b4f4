// The one list of commands. The build script makes the allow-list of it and `commands::handler` the dispatch;
// a test compares it with `capabilities/desk.json`. Included in both places, hence a macro.
macro_rules! every_command {
    ($then:ident) => {
        $then![start]
    };
}
