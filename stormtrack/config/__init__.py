"""Answer files, parameter tables and what they mean: TRACK's dialogue turned into `stormtrack.settings`.

A run is read in the order in which TRACK asks; what depends on the data comes from a `Facts` object, whose
methods are called only when a condition needs them. Typical use::

    conv = Conversation(answers, read_file=read_bytes, tables=Tables())
    start = conv.startup(facts)                 # StartupSettings; conv.initial_text is the `initial` file (bytes)
    if conv.analysis_menu():
        for request in conv.analysis(facts):    # SpliceRequest | SpectralRequest | ConvertRequest | ExtractRequest
            ...                                 # run it; facts may change between requests
    else:
        for hemisphere in range(2 if start.projection and len(start.projection.targets) == 2 else 1):
            before = conv.tracking_before_frames(facts)       # BeforeFrames: .reuse, .detection (None: objects as they are)
            first = conv.tracking_first_frame(facts)          # DetectionSettings as far as known
            refined = conv.area_refinement(facts)             # RefinedGrid | None, when the first area is computed
            detection = conv.after_first_frame(facts)         # DetectionSettings, complete but for `area.refined`
            # Euclidean norm: linking here, after each hemisphere
        pole = conv.after_frames(facts)                       # RotatedPole | None
        for step in conv.linking(facts):                      # LinkStep, one per initialisation
            ...                                               # step.action: 'link', 'again', 'abort', 'load', 'stop'
    conv.finish()                                             # left-overs become a Misread in conv.misreads

A misread (an answer taken apart by TRACK's character reading, or kept from before) is recorded in
``conv.misreads`` and the run goes on with TRACK's result; an answer without a usable value raises `AnswersError`
naming prompt and line. The pipeline raises the same way with ``raise conv.error(key, problem, allowed=...)``.
"""
