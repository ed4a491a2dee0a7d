"""The analysis menu: one module for each of its functions.

Such a module holds the rows of its prompts and ``ask(asker, tables)``, which asks them and gives a `MenuRequest`.
What is done then stands in the module of the same name in `stormtrack.run.menus`.
"""
