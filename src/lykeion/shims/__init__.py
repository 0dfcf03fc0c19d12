"""What blocks of others take for granted around them: modules, Django apps and settings of Open edX's name.

Blocks from the wild are run unmodified, so what they import must be there. ``modules`` holds stand-ins for those
modules of Open edX, each as small as the blocks that use it allow, written over our own doors; ``hosting`` puts them
where ``import`` finds them and tells which Django apps come with what is installed.
"""
