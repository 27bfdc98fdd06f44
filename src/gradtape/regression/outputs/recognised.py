"""The forms by which what belongs to the machine is recognised, as regular expressions."""

from __future__ import annotations

import re

_PATH = r"(?:[A-Za-z]:)?[/\\][^\s'\"<>|:*?]*"
_BAR = r"[0-9]+%\|[^|\n]*\|"

# Told by their form, most special first: pattern, what stands in its place, its kind.
BY_FORM = [
    (
        re.compile(
            r"^(?:[IWE]\d{4} \d\d:\d\d:\d+\.\d+ .*"
            r"|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWE] .*"
            r"|WARNING: All log messages before absl::InitializeLog.*"
            r"|To enable the following instructions:.*"
            r"|Matplotlib is building the font cache.*)(?:\n|\Z)",
            re.MULTILINE,
        ),
        "",
        "a library's log",
    ),
    (
        re.compile(
            r"^Downloading data from \S+\n(?:.*\d+/\d+.*(?:\n|\Z))?", re.MULTILINE
        ),
        "",
        "a download",
    ),
    (
        re.compile(r'File "[^"\n]*(?:site|dist)-packages[^"\n]*", line \d+'),
        lambda match: match[0].rpartition(" ")[0] + " …",
        "a line in the source of a library",
    ),
    (re.compile(r"\bat 0x[0-9a-fA-F]{4,}\b"), "at 0x…", "an address in memory"),
    (
        re.compile(r"\bdisplay_id=[0-9a-f]{32}\b"),
        "display_id=…",
        "an identity that is new in every run",
    ),
    (
        re.compile(r"\b0x(?:7[0-9a-f]|5[56])[0-9a-f]{10}\b"),
        "0x…",
        "an address in memory",
    ),
    (
        re.compile(
            r"[\d.,]+ ?(?:h|min|m|s|ms|[µμ]s|us|ns)(?: [\d.]+ ?s)? ± [\d.,]+ ?(?:h|min|s|ms|[µμ]s|us|ns)"
            r" per loop \(mean ± std\. dev\. of (\d+) runs?, [\d,]+ loops? each\)"
        ),
        r"TIME per loop (mean ± std. dev. of \1 runs)",
        "a time of %timeit",
    ),
    (
        re.compile(
            r"^(?:[\d,]+ loops?, best of \d+: .* per loop"
            r"|The slowest run took .* an intermediate result is being cached\.?"
            r"|Compiler time: .*)\n?",
            re.MULTILINE,
        ),
        "",
        "a time of %timeit",
    ),
    (
        re.compile(
            r"^(CPU times|Wall time|Compiler|Parser) ?: (?:user )?(?:total: )?[\d.].*$",
            re.MULTILINE,
        ),
        r"\1: TIME",
        "a time of %time",
    ),
    (
        re.compile(rf"({_BAR}) *([\d.]+[kMGT]?/[\d.]+[kMGT]?) \[[^\]\n]*\]"),
        lambda match: re.sub(r"\|.*\|", "|…|", match[1]) + " " + match[2],
        "the speed of a progress bar",
    ),
    (
        re.compile(r"\b\d+(?:it|B|kB|MB) \[\d\d:\d\d, [^\]\n]*\]"),
        "count [TIME]",
        "the speed of a progress bar",
    ),
    (
        re.compile(
            r"(?<![\w.])(?:ETA: )?\d+(?::\d\d)*(?:h|m|s|ms|us)? (?:- )?\d+(?:\.\d+)?(?:h|s|ms|[µμ]s|us)/(?:step|sample|epoch)"
        ),
        "TIME",
        "a time of model.fit",
    ),
    (
        # Of %%file and %%writefile, which say whether there was one before.
        re.compile(r"^(?:Overwriting|Writing) (?=[\w./-]+\s*$)", re.MULTILINE),
        "Writing ",
        "whether a file was there before",
    ),
    (re.compile(r"/job:localhost/replica:0/task:0/device:[A-Z]+:\d+"), "/device", ""),
    (re.compile(r"(?<=__wrapped__)__Mkl"), "", ""),
    (
        re.compile(
            rf"^(?:{_PATH}|[\w.-]+\\)?(?:ipykernel_\d+[/\\]\d+\.py|<ipython-input-[^>]*>)",
            re.MULTILINE,
        ),
        "<cell>",
        "",
    ),
    (
        re.compile(
            rf"^{_PATH}(?:site|dist)-packages[/\\](\S+?):\d+: (?=\w*Warning)",
            re.MULTILINE,
        ),
        r"\1: ",
        "",
    ),
    (
        re.compile(rf"^{_PATH}[/\\](\w+\.py):(\d+): (?=\w*Warning)", re.MULTILINE),
        r"<cell>:\2: ",
        "",
    ),
    (
        re.compile(
            r"\b3\.\d+\.\d+[\w+]* (?:\| [^|\n]+ \| )?\([^()\n]*\d\d:\d\d:\d\d\) ?(?:\\n|\n)?\[[^\]\n]*\]"
        ),
        "VERSION",
        "the version of Python",
    ),
    (
        re.compile(r"\b(?:Linux|macOS|Darwin|Windows)-\d[\w.+]*-[\w.+-]+"),
        "SYSTEM",
        "the operating system",
    ),
]
MARKS = re.compile(
    r"0x|display_id|File \"|per loop|loops, best|time|times|Compiler|/step|/sample|\|[ \[]|it \[|B \[|/job:|__Mkl"
    r"|[IWE]\d{4} |: [IWE] |WARNING: All|instructions:|font cache|Downloading|\.py|ipython-input|riting "
    r"|\(.*\d\d:\d\d:\d\d\)|Linux-|macOS-|Darwin-|Windows-"
)

# The pieces of a text that are compared one by one where the texts differ.
PIECES = re.compile(
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +\w{3} +\d+ +\d\d:\d\d:\d\d(?: +[A-Z]{3,4})? +\d{4}"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +\d+ +\w{3} +\d{4}(?: +\d\d:\d\d:\d\d)?"
    r"|datetime\.date(?:time)?\([\d, ]+|datetime\.timedelta\([\w=, -]+\)|Timedelta\('[^']+'\)"
    r"|-?\d+ days?,? (?:\+?\d\d?:\d\d:\d\d(?:\.\d+)?)"
    r"|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?(?:Z|[+-]\d\d:?\d\d)?"
    r"|\d\d?[/.]\d\d?[/.]\d{4}"
    r"|\d\d?:\d\d:\d\d(?:\.\d+)?"
    rf"|{_PATH}"
    r"|[A-Za-z_]\w*(?:-\w+)*|[-+]?\d+\.?\d*(?:e[-+]?\d+)?|\w+|\s+|[^\w\s]"
)
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NUMBER = re.compile(r"[-+]?\d+\.?\d*(?:e[-+]?\d+)?")
UNIT_OF_TIME = re.compile(
    r"\s*(?:s|ms|[µμ]s|us|ns|min|sec|secs|seconds?|minutes?|milliseconds?|microseconds?|秒|毫秒)\b"
)
MEASURES_TIME = re.compile(
    r"perf_counter|time\.time\(|\btime\(\)|process_time|monotonic|timeit|default_timer"
    r"|%%?time|datetime\.now|\.now\(|profile|prun"
)
LENGTH_OF_TIME = re.compile(
    r"(?:datetime\.timedelta|Timedelta)\(.*\)|(?:-?\d+ days?,? )?\+?\d\d?:\d\d:\d\d(?:\.\d+)?"
)
# A name to which the date or the time of day is given, which then stands in later cells.
NAMES_NOW = re.compile(r"(\w+) *=[^=\n]*\.(?:now|today|utcnow)\(")
READS_NOW = re.compile(r"\.(?:now|today|utcnow)\(")
NAMES_OBJECTS = re.compile(r"\bid\(|getpid|hash\(|get_ident|uuid|token_hex|getnode")
RANDOM = re.compile(
    r"random|rand[nt]?\b|shuffle|train_test_split|sample\(|permutation|dropout|\.fit\(|layers\.(?:Dense|Embedding|Conv\w*|LSTM|GRU)\((?![^)]*initializer)",
    re.IGNORECASE,
)
SEEDED_CALL = re.compile(r"\w+\([^()]*random_state *=[^()]*\)")
SEEDED = re.compile(
    r"seed\(|default_rng\( *\d|RandomState\( *\d|manual_seed|set_random_seed|PRNGKey"
)
WHOLE_CELL = [
    (re.compile(r"^\s*%%?(?:l|m)?prun\b|cProfile|profile\.run", re.MULTILINE), "a profile"),
    (re.compile(r"^\s*%%?(?:memit|mprun|lprun|snakeviz)\b", re.MULTILINE), "a profile"),
    (
        re.compile(r"^\s*[!%](?:sudo |python3? -m |conda |mamba )*(?:pip3?|conda|mamba|apt|apt-get|install|npm|wget|curl|git clone)\b", re.MULTILINE),
        "what an installer says",
    ),
    (re.compile(r"^\s*!(?:nvidia-smi|date|ps|top|free|df|uptime|lscpu|uname|ls +-\w*l)\b", re.MULTILINE), "the state of the machine"),
    (re.compile(r"^\s*%connect_info\b", re.MULTILINE), "how to reach the kernel"),
]  # fmt: skip
