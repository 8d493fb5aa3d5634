"""The questions one can ask of a document. The mode in front fills stage, subtitle, panel and transport.

`step` asks what happens inside one pass, `train` how the network learns, whose parts show its newest moment in `turns`.
Each is told the same things by the page: enter, leave, play, step, scrub, another project.
"""
