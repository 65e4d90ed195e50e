namespace PortiaWatch.Completion;

/// <summary>
/// What a shell is told once. The script asks the program for the words at every TAB, so it never gets out of date. Names of rules and programs come from elsewhere, so no shell
/// evaluates them.
/// </summary>
internal static class ShellScripts
{
    public const string Bash = """
        # Completions of portia for bash. Try it: source <(portia completion bash); to keep it:
        # portia completion bash > ~/.local/share/bash-completion/completions/portia
        _portia() {
          local line=${COMP_LINE:0:COMP_POINT} current word words
          # Not COMP_WORDS: bash breaks words at colons, and 127.0.0.1:3000 is one.
          read -ra words <<< "$line"
          current=
          case $line in *[[:space:]]) ;; *) current=${words[${#words[@]}-1]}; unset 'words[${#words[@]}-1]' ;; esac
          COMPREPLY=()
          while IFS=$'\t' read -r word _; do
            [ "$word" = :files ] && return
            # What stands before the last colon is on the line already.
            case $current in *:*) word=${word#"${current%:*}:"} ;; esac
            COMPREPLY+=("$(printf %q "$word")")
          done < <("${words[0]}" complete -- "${words[@]:1}" "$current" 2>/dev/null)
        }
        complete -o default -F _portia portia

        """;

    public const string Zsh = """
        #compdef portia
        # Completions of portia for zsh. Try it: source <(portia completion zsh); to keep it, write it into a folder of your fpath:
        # portia completion zsh > ~/.zfunc/_portia
        _portia() {
          local line
          local -a words_of_portia
          for line in "${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
            [[ $line == :files* ]] && { _files; return }
            [[ -n $line ]] && words_of_portia+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
          done
          (( $#words_of_portia )) && _describe -V 'portia' words_of_portia
        }
        if [ "$funcstack[1]" = _portia ]; then _portia "$@"; else compdef _portia portia; fi

        """;

    public const string Fish = """
        # Completions of portia for fish. Try it: portia completion fish | source; to keep it:
        # portia completion fish > ~/.config/fish/completions/portia.fish
        function __portia_words
            set -l words (commandline -opc)
            set -l current (commandline -ct)
            for line in ($words[1] complete -- $words[2..-1] "$current" 2>/dev/null)
                if string match -q ':files*' -- $line
                    __fish_complete_path "$current"
                else
                    echo $line
                end
            end
        end
        complete -c portia -f -k -a '(__portia_words)'

        """;

    public static string For(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        _ => Fish,
    };
}
